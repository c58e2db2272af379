"""Fault: a client that hears nothing sends the same request again and again, all at once, with one Idempotency-Key.

There must be one interview, and every answer must be that interview or the word that it is still being worked on.
"""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from client import Answer
from fieldwork import Person, Study, open_study
from program import Program
from verdict import Verdict, control, fault

PARALLEL = 100
KEYED, BARE = 0, 1


def run(binary: Path, home: Path, _seed: int) -> Iterator[Verdict]:
    program = Program(binary, home)
    try:
        yield from on(program, "")
    finally:
        program.kill()


def on(program: Program, where: str) -> Iterator[Verdict]:
    """The fault and its control on an installation that does not run yet."""
    program.settle()
    program.start()
    study = open_study(program, 2)
    found = _all_at_once(program, study, study.people[KEYED], key="the same key for all")
    yield fault(f"one key, {PARALLEL} requests at once{where}", found, "one interview, all answers alike")
    yield control(f"the same requests without a key{where}", _all_at_once(program, study, study.people[BARE], key=None))


def _all_at_once(program: Program, study: Study, person: Person, key: str | None) -> list[str]:
    """Books in parallel; what is wrong with the answers and with what is booked."""
    yes = {"version": 1, "items": {"take_part": True}}
    program.visitor().post(person.path("consent"), yes).expect(200)
    start = study.starts[0 if key else 4]
    gate = threading.Barrier(PARALLEL)

    def book(_number: int) -> Answer:
        client = program.visitor()
        gate.wait(30)
        answer = client.post(person.path("interview"), {"starts_at": start, "mode": "teams"}, key)
        client.close()
        return answer

    with ThreadPoolExecutor(PARALLEL) as pool:
        answers = list(pool.map(book, range(PARALLEL)))
    return _not_alike(answers) + _not_one(program, study, person)


def _not_alike(answers: list[Answer]) -> list[str]:
    """Answers other than the one interview and `in_progress`; and how many of them claim to be the first."""
    found = [
        f"answered with {answer.status} {answer.json().get('code')}"
        for answer in answers
        if answer.status != 201 and answer.json().get("code") != "in_progress"
    ]
    made = [answer for answer in answers if answer.status == 201]
    if len({answer.json()["id"] for answer in made}) != 1:
        found.append("the answers name more than one interview")
    first = [answer for answer in made if "idempotent-replayed" not in answer.headers]
    if len(first) != 1:
        found.append(f"{len(first)} answers claim to be the first")
    return found


def _not_one(program: Program, study: Study, person: Person) -> list[str]:
    listed = program.researcher().get(study.path("interviews?limit=200")).expect(200).json()["items"]
    theirs = [interview for interview in listed if interview["respondent"] == person.id]
    return [] if len(theirs) == 1 else [f"{len(theirs)} interviews of one person"]
