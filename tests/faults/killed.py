"""Fault: the server is killed at random moments while many people book, consent and import.

Whatever was acknowledged must be there before and after the next start, the file must be sound, the log of changes
unbroken, nobody booked twice, and every letter must arrive, if more than once then as the same bytes.
"""

import queue
import random
import time
from collections.abc import Iterator
from pathlib import Path

import audit_of_letters
import audit_of_rows
import files
from client import Client, Gone
from fieldwork import Crowd, Person, Study, open_study
from ledger import Ledger, Told
from mail_server import MailServer, Received
from program import Program
from verdict import Verdict, control, fault
from waiting import until

ROUNDS = 8
PEOPLE = 360
LETTERS_SECONDS = 60
# What is done to a copy of the database, by what it shows.
SPOILT = {
    "the newest consent deleted": ("DELETE FROM consents WHERE id = (SELECT MAX(id) FROM consents)",),
    "an interviewer booked twice": (
        "DROP TRIGGER reservations_update",
        "UPDATE reservations SET guard_from = (SELECT MIN(guard_from) FROM reservations WHERE active) WHERE id = "
        "(SELECT id FROM reservations WHERE active ORDER BY guard_from DESC LIMIT 1)",
    ),
    "the letters of an interview deleted": (
        "DELETE FROM letters WHERE interview = (SELECT MAX(id) FROM interviews)",
    ),
}


def run(binary: Path, home: Path, seed: int) -> Iterator[Verdict]:
    mail = MailServer()
    program = Program(binary, home, SMTP_URL=mail.url)
    try:
        program.settle()
        program.start()
        found, ledger = _rounds(program, open_study(program, PEOPLE), random.Random(seed))
        shown = f"killed {ROUNDS} times, {len(ledger.all())} acknowledged writes"
        program.start()
        drain(program.researcher())
        program.kill()
        found += _at_rest(program, ledger.all(), mail)
        again = audit_of_letters.repeated(mail.all())
        yield fault("kill -9 under load", found, f"{shown}, {len(mail.all())} letters ({again} repeated)")
        yield from _controls(program, ledger.all(), mail)
    finally:
        program.kill()
        mail.close()


def _rounds(program: Program, study: Study, chance: random.Random) -> tuple[list[str], Ledger]:
    """Load, kill, look at what is left, start again."""
    people: "queue.SimpleQueue[Person]" = queue.SimpleQueue()
    for person in study.people:
        people.put(person)
    ledger = Ledger()
    found: list[str] = []
    for number in range(ROUNDS):
        if program.server is None:
            files.copy(program.database, program.home / "older")
            program.start()
        crowd = Crowd(program, study, people, ledger, seed=chance.randrange(1 << 30))
        before = len(ledger.all())
        crowd.begin()
        until("the load runs", lambda: len(ledger.all()) > before + 5, 30)
        time.sleep(chance.uniform(0.05, 0.6))
        program.kill()
        crowd.end()
        found += crowd.surprises
        left = files.copy(program.database, program.home / "left")
        found += [f"after kill {number + 1}: {line}" for line in audit_of_rows.of_file(left, ledger.all())]
    return found, ledger


def drain(client: Client) -> None:
    """Waits until the outbox is empty."""

    def empty() -> bool:
        try:
            return bool(client.get("/health/ready").json()["letters_waiting"] == 0)
        except Gone:
            return False

    until("the outbox is empty", empty, LETTERS_SECONDS)


def _at_rest(program: Program, told: list[Told], mail: MailServer) -> list[str]:
    found = audit_of_rows.of_file(files.copy(program.database, program.home / "rest"), told)
    found += audit_of_letters.complaints(audit_of_rows.rows_of(program.home / "rest" / program.database.name), mail.all())
    return found + broken_chain(program, program.home / "rest" / program.database.name)


def broken_chain(program: Program, database: Path) -> list[str]:
    """What `verify audit` says when the log of changes does not hold."""
    verified = program.command(["verify", "audit"], database=database)
    return [] if verified.returncode == 0 else [f"verify audit: {verified.stdout.strip()}"]


def _controls(program: Program, told: list[Told], mail: MailServer) -> Iterator[Verdict]:
    """The same checks over copies that were spoilt on purpose."""
    older = program.home / "older" / program.database.name
    yield control("the commits of the last round lost", audit_of_rows.of_file(older, told))

    home = program.home / "spoilt"
    for name, statements in SPOILT.items():
        spoilt = files.copy(program.database, home)
        files.change(spoilt, *statements)
        yield control(name, audit_of_rows.of_file(spoilt, told))

    spoilt = files.copy(program.database, home)
    files.change(spoilt, "UPDATE audit SET actor = 'somebody else' WHERE position = 7")
    yield control("a row of the log of changes altered", broken_chain(program, spoilt))

    spoilt = files.copy(program.database, home)
    files.wipe_page(spoilt, 10)
    yield control("a page wiped out", audit_of_rows.of_file(spoilt, told))

    rows = audit_of_rows.rows_of(files.copy(program.database, home))
    arrived = mail.all()
    without = [message for message in arrived if message.message_id != arrived[0].message_id]
    yield control("a letter taken out of the mailbox", audit_of_letters.complaints(rows, without))
    altered = [*arrived, Received(arrived[0].recipient, arrived[0].message + b"P.S.\r\n")]
    yield control("a letter repeated with other words", audit_of_letters.complaints(rows, altered))
