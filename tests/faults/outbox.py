"""Fault: the mail server refuses, greylists, is slow, hangs up after the message, or is dead; and the program is killed
between the mail server's yes and its own note of it.

Every letter must arrive at least once; one that arrives again must be the same to the byte.
"""

import os
import queue
import signal
from collections.abc import Iterator
from pathlib import Path

import audit_of_letters
import audit_of_rows
import files
from fieldwork import Crowd, Person, Study, open_study
from killed import drain
from ledger import Ledger
from mail_server import GREYLISTING, HANGING_UP, KIND, REFUSING, SLOW, MailServer, Received
from program import Program
from verdict import Verdict, control, fault
from waiting import until

MOODS = (REFUSING, GREYLISTING, SLOW, HANGING_UP)
PEOPLE_A_ROUND = 5
KILLS = 5
MARK_AS_SENT = "UPDATE letters SET state = 'sent', sent_at = due_at, message = NULL, facts = NULL, claimed_until = NULL " \
    "WHERE id = (SELECT MIN(id) FROM letters WHERE state = 'queued')"


class Office:
    """A program, its mail server, and people who give it letters to write."""

    def __init__(self, binary: Path, home: Path, seed: int) -> None:
        self.mail = MailServer()
        self.program = Program(binary, home, SMTP_URL=self.mail.url)
        self.program.settle()
        self.program.start()
        rounds = len(MOODS) + KILLS + 1
        self.study: Study = open_study(self.program, rounds * PEOPLE_A_ROUND)
        self._waiting = iter(self.study.people)
        self._seed = seed

    def letters_are_made(self) -> None:
        """Some people consent and book."""
        people: "queue.SimpleQueue[Person]" = queue.SimpleQueue()
        for _ in range(PEOPLE_A_ROUND):
            people.put(next(self._waiting))
        crowd = Crowd(self.program, self.study, people, Ledger(), self._seed)
        crowd.begin(bookers=2, importers=0)
        crowd.finish()

    def complaints(self) -> list[str]:
        """What the outbox of a stopped program and the mailbox say of each other."""
        copy = files.copy(self.program.database, self.program.home / "looked")
        found = audit_of_letters.complaints(audit_of_rows.rows_of(copy), self.mail.all())
        return found + audit_of_rows.of_file(copy, [])


def run(binary: Path, home: Path, seed: int) -> Iterator[Verdict]:
    office = Office(binary, home, seed)
    try:
        for mood in MOODS:
            yield _through_a_mood(office, mood)
        yield _killed_before_the_mark(office)
        yield from _dead_for_a_while(office)
    finally:
        office.program.kill()
        office.mail.close()


def _through_a_mood(office: Office, mood: str) -> Verdict:
    """Letters are made while the mail server has a mood, which passes."""
    mail = office.mail
    met = len(mail.all()) + PEOPLE_A_ROUND
    mail.mood = mood
    mail.turned_away.clear()
    office.letters_are_made()
    if mood == SLOW:
        until("letters pass slowly", lambda: len(mail.all()) > met, 60)
    else:
        until(f"the mail server was {mood}", lambda: sum(mail.turned_away.values()) > 0, 30)
    mail.mood = KIND if mood == REFUSING else mood
    drain(office.program.researcher())
    mail.mood = KIND
    office.program.kill()
    found = office.complaints()
    office.program.start()
    times = sum(mail.turned_away.values())
    return fault(f"mail server {mood}", found, f"{len(mail.all())} letters so far, turned away {times} times")


def _killed_before_the_mark(office: Office) -> Verdict:
    """The program dies when the mail server has said yes, so that it can't note it."""
    mail, program = office.mail, office.program
    before = audit_of_letters.repeated(mail.all())
    for _ in range(KILLS):
        _die_at_the_next_yes(office)
        office.letters_are_made()
        until("the program is dead", lambda: program.server is not None and program.server.poll() is not None, 30)
        mail.after_yes = None
        program.kill()
        program.start()
        drain(program.researcher())
    program.kill()
    found = office.complaints()
    program.start()
    again = audit_of_letters.repeated(mail.all()) - before
    if not again:
        found.append("no letter came again, so no kill came before the mark")
    return fault("killed between 250 and the mark", found, f"killed {KILLS} times, {again} letters came again")


def _die_at_the_next_yes(office: Office) -> None:
    def die(_received: Received) -> None:
        office.mail.after_yes = None
        if office.program.server is not None:
            os.kill(office.program.server.pid, signal.SIGKILL)

    office.mail.after_yes = die


def _dead_for_a_while(office: Office) -> Iterator[Verdict]:
    """Nobody listens while letters are made. A letter that is then marked as sent by mistake must be missed."""
    program = office.program
    office.mail.close()
    office.letters_are_made()
    researcher = program.researcher()
    letters = office.study.path("letters?limit=200")

    def tried() -> bool:
        return any(letter["attempts"] > 1 for letter in researcher.get(letters).json()["items"] if not letter["sent_at"])

    until("a letter was tried twice", tried, 30)
    program.kill()
    before, received = files.copy(program.database, program.home / "before"), office.mail.all()
    office.mail.open()
    program.start()
    drain(program.researcher())
    program.kill()
    yield fault("mail server dead for a while", office.complaints(), f"{len(office.mail.all())} letters in all")

    files.change(before, MARK_AS_SENT)
    files.put_back(before, program.database)
    office.mail.received = received
    program.start()
    drain(program.researcher())
    program.kill()
    yield control("a letter marked as sent before it was", [line for line in office.complaints() if "never arrived" in line])
