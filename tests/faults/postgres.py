"""Fault: on PostgreSQL the program is killed under load, and then PostgreSQL itself.

PostgreSQL comes back, and the program finds it again by itself. Nothing that was acknowledged is missing, and whoever
asked in between was told to come back.
"""

import queue
import random
import time
from collections.abc import Iterator
from pathlib import Path

import audit_of_rows
import one_key
from cluster import Cluster
from client import Gone
from fieldwork import Crowd, Person, new_study, open_study
from ledger import Ledger, Told
from program import Program
from verdict import Verdict, control, fault
from waiting import until

ROUNDS = 3
PEOPLE = 160
BACK_SECONDS = 20
# What makes PostgreSQL answer before its log is on the disk.
CARELESS = {"synchronous_commit": "off"}


class Site:
    """A program on PostgreSQL with people at work."""

    def __init__(self, binary: Path, home: Path, cluster: Cluster, name: str, seed: int) -> None:
        home.mkdir()
        self.cluster = cluster
        self.address = cluster.create(name)
        self.program = Program(binary, home, database=self.address)
        self.program.settle()
        self.program.start()
        self._study = open_study(self.program, PEOPLE)
        self._people: "queue.SimpleQueue[Person]" = queue.SimpleQueue()
        for person in self._study.people:
            self._people.put(person)
        self.ledger = Ledger()
        self.chance = random.Random(seed)

    def at_work(self) -> Crowd:
        """People who are in the middle of it, at a moment that nobody knows before."""
        before = len(self.ledger.all())
        crowd = Crowd(self.program, self._study, self._people, self.ledger, self.chance.randrange(1 << 30))
        crowd.begin()
        until("the load runs", lambda: len(self.ledger.all()) > before + 5, 30)
        time.sleep(self.chance.uniform(0.05, 0.4))
        return crowd

    def complaints(self) -> list[str]:
        return audit_of_rows.complaints(lambda question: self.cluster.rows(self.address, question), self.ledger.all())

    def serves(self) -> bool:
        try:
            made = new_study(self.program.researcher())
        except Gone:
            return False
        if made.status == 201:
            self.ledger.note(Told("study", made.json()["id"], made.request))
        return made.status == 201


def run(binary: Path, home: Path, seed: int) -> Iterator[Verdict]:
    cluster = Cluster()
    try:
        cluster.start()
        site = Site(binary, home / "careful", cluster, "careful", seed)
        try:
            yield _program_killed(site)
            yield from _server_killed(site)
        finally:
            site.program.kill()
        bare = Program(binary, home, database=cluster.create("keys"))
        try:
            yield from one_key.on(bare, " on PostgreSQL")
        finally:
            bare.kill()
        cluster.kill()
        cluster.start(**CARELESS)
        yield _careless(binary, home / "careless", cluster, seed)
    finally:
        cluster.remove()


def _program_killed(site: Site) -> Verdict:
    found: list[str] = []
    for _ in range(ROUNDS):
        crowd = site.at_work()
        site.program.kill()
        crowd.end()
        found += crowd.surprises + site.complaints()
        site.program.start()
    verified = site.program.command(["verify", "audit"])
    if verified.returncode:
        found.append(f"verify audit: {verified.stdout}")
    return fault("kill -9 on PostgreSQL", found, f"killed {ROUNDS} times, {len(site.ledger.all())} acknowledged writes")


def _server_killed(site: Site) -> Iterator[Verdict]:
    found: list[str] = []
    rude: list[str] = []
    away = 0.0
    for _ in range(ROUNDS):
        crowd = site.at_work()
        site.cluster.kill()
        crowd.end()
        rude += [line for line in crowd.surprises if not line.startswith("503")]
        site.cluster.start()
        began = time.monotonic()
        until("the program finds PostgreSQL again", site.serves, BACK_SECONDS)
        away = max(away, time.monotonic() - began)
        found += site.complaints()
    shown = f"killed {ROUNDS} times, {len(site.ledger.all())} acknowledged writes, served again within {away:.1f} s"
    yield fault("PostgreSQL killed", found, shown)
    yield fault("PostgreSQL killed: whoever asks meanwhile is told to come back", rude, "503 to everybody")


def _careless(binary: Path, home: Path, cluster: Cluster, seed: int) -> Verdict:
    """The same kill of a PostgreSQL that answers before it has written."""
    site = Site(binary, home, cluster, "careless", seed)
    try:
        cluster.hold_log_writer(site.address)
        crowd = site.at_work()
        cluster.kill()
        crowd.end()
        cluster.start()
        return control("PostgreSQL killed, with synchronous_commit=off", site.complaints())
    finally:
        site.program.kill()
