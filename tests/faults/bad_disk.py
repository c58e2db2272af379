"""Fault: the disk is full, or writing or syncing fails, for a while.

The calls on the files of the database are made to fail in the running server. Meanwhile changes must be refused with 503
or 507 and a sentence, questions must be answered, and `/health/ready` must tell. When it is over the same process must
serve again, and of what was acknowledged before, during and after it nothing may be missing.
"""

import queue
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import audit_of_rows
import files
from client import Answer, Client
from fieldwork import Crowd, Person, Study, contact_list, new_study, open_study
from ledger import Ledger, Told
from program import Program
from verdict import Verdict, control, fault
from waiting import until

PEOPLE = 60
LARGE_IMPORT = 2000
WRITES = "pwrite64,write,ftruncate,fallocate"


@dataclass(frozen=True)
class Failing:
    name: str
    calls: str
    error: str | None


FAILINGS = (
    Failing("full disk", WRITES, "ENOSPC"),
    Failing("failing write", WRITES, "EIO"),
    Failing("failing fsync", "fsync,fdatasync", "EIO"),
)
NOTHING_FAILS = Failing("a disk that does not fail", WRITES, None)


def run(binary: Path, home: Path, seed: int) -> Iterator[Verdict]:
    if shutil.which("strace") is None:
        raise RuntimeError("strace is missing: the calls of a server can't be made to fail without it")
    program = Program(binary, home)
    try:
        program.settle()
        program.start()
        study = open_study(program, PEOPLE)
        ledger = Ledger()
        people: "queue.SimpleQueue[Person]" = queue.SimpleQueue()
        for person in study.people[len(FAILINGS) + 1 :]:
            people.put(person)
        for number, failing in enumerate(FAILINGS):
            yield from _survive(program, study, study.people[number], people, ledger, failing, seed + number)
        program.start()
        found = _refused(program, study, study.people[len(FAILINGS)], ledger, NOTHING_FAILS)
        yield control("a disk that does not fail", found)
    finally:
        program.kill()


def _survive(
    program: Program, study: Study, person: Person, people: "queue.SimpleQueue[Person]", ledger: Ledger,
    failing: Failing, seed: int,
) -> Iterator[Verdict]:
    """One kind of failure, which comes in the middle of work, and a kill at the end."""
    if program.server is None:
        program.start()
    crowd = _at_work(program, study, people, ledger, seed)
    found = _refused(program, study, person, ledger, failing)
    crowd.end()
    found += [line for line in crowd.surprises if not line.startswith(("503", "507"))]
    ready = [line for line in found if "/health/ready" in line]
    until("changes are taken again", lambda: _serves(program, ledger), 15)
    _at_work(program, study, people, ledger, seed).end()
    program.kill()
    left = files.copy(program.database, program.home / "left")
    found = [line for line in found if line not in ready] + audit_of_rows.of_file(left, ledger.all())
    yield fault(failing.name, found, f"refused in words, read, served again, {len(ledger.all())} acknowledged writes")
    yield fault(f"{failing.name}: /health/ready tells", ready, "asked once while it lasted")


def _at_work(
    program: Program, study: Study, people: "queue.SimpleQueue[Person]", ledger: Ledger, seed: int
) -> Crowd:
    """People who have begun to book."""
    before = len(ledger.all())
    crowd = Crowd(program, study, people, ledger, seed)
    crowd.begin(bookers=3)
    until("some changes are acknowledged", lambda: len(ledger.all()) > before + 8, 30)
    return crowd


def _refused(program: Program, study: Study, person: Person, ledger: Ledger, failing: Failing) -> list[str]:
    """What is wrong with how the server behaves while its disk fails."""
    researcher, visitor = program.researcher(), program.visitor()
    with injected(program, failing):
        yes = {"version": 1, "items": {"take_part": True}}
        file = contact_list(f"crowd{failing.name.replace(' ', '')}", LARGE_IMPORT)
        answers = {
            "a consent": visitor.post(person.path("consent"), yes),
            "a new study": new_study(researcher),
            "a large import": researcher.post(study.path("respondents/import"), file),
        }
        if answers["a consent"].status == 200:
            ledger.note(Told("consent", person.id, answers["a consent"].request))
        found = [line for what, answer in answers.items() for line in _not_in_words(what, answer)]
        found += _unread(researcher, visitor, study, person)
        ready = visitor.get("/health/ready")
        if ready.status != 503:
            found.append(f"/health/ready answers {ready.status} {ready.body.decode()} while nothing can be written")
    return found


def _not_in_words(what: str, answer: Answer) -> list[str]:
    """What a refusal lacks."""
    if answer.status not in (503, 507):
        return [f"{what} was answered with {answer.status}: {answer.body.decode()[:120]}"]
    lacks = []
    if answer.headers.get("content-type") != "application/problem+json" or not answer.json().get("detail"):
        lacks.append(f"{what} was refused without a sentence")
    if not answer.headers.get("retry-after", "").isdigit():
        lacks.append(f"{what} was refused without Retry-After")
    return lacks


def _unread(researcher: Client, visitor: Client, study: Study, person: Person) -> list[str]:
    """Questions that are not answered."""
    answers = {
        "free times": visitor.get(person.path("slots")),
        "the personal page": visitor.get(f"/p/{person.token}"),
        "the interviews": researcher.get(study.path("interviews")),
        "the strata": researcher.get(study.path("strata")),
    }
    return [f"{what}: {answer.status}" for what, answer in answers.items() if answer.status != 200]


def _serves(program: Program, ledger: Ledger) -> bool:
    made = new_study(program.researcher())
    if made.status == 201:
        ledger.note(Told("study", made.json()["id"], made.request))
    return made.status == 201


@contextmanager
def injected(program: Program, failing: Failing) -> Iterator[None]:
    """Lets calls on the files of the database fail in the running server, and ends that."""
    database = str(program.database)
    paths = [part for suffix in ("", "-wal", "-journal") for part in ("-P", database + suffix)]
    inject = ["-e", f"inject={failing.calls}:error={failing.error}"] if failing.error else []
    assert program.server is not None
    server = program.server.pid
    command = ["strace", "-f", "-qq", "-p", str(server), *paths, "-e", f"trace={failing.calls}", *inject]
    with (program.home / "injected").open("wb") as output:
        tracer = subprocess.Popen([*command, "-o", "/dev/null"], stdin=subprocess.DEVNULL, stderr=output)
    try:
        until("every thread of the server is traced", lambda: _traced(server) == {True}, 20)
        yield
    finally:
        tracer.terminate()
        tracer.wait(20)
        until("no thread of the server is traced", lambda: _traced(server) == {False}, 20)


def _traced(process: int) -> set[bool]:
    """Whether its threads are traced: all, none, or some of them."""
    found = set()
    for status in Path(f"/proc/{process}/task").glob("*/status"):
        try:
            lines = status.read_text().splitlines()
        except FileNotFoundError:
            continue
        found |= {line.split()[1] != "0" for line in lines if line.startswith("TracerPid:")}
    return found
