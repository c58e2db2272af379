"""The rounds: each measures both systems one after the other, and the next one begins with the other system."""

import math
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import load
import machine
import veldwerk_flows
from django_peer import DjangoAppointment
from processes import Server
from times import Calendar
from veldwerk import Veldwerk
from veldwerk_flows import Guest

CLIENTS = 8
RIVALS = 50
LISTS = "slot list of a day"
VISIT = "whole visit by pages"
CONSENT_AND_BOOK = "consent + booking by API"
BOOK = "booking alone by API"
_WARM_UP = 200
# More guests are prepared than a round is likely to need.
_RESERVE = 1.4

_BY_API: dict[str, Callable[[Guest], load.Flow]] = {
    VISIT: veldwerk_flows.visit,
    CONSENT_AND_BOOK: veldwerk_flows.consent_and_book,
}


@dataclass
class Figure:
    """What one load showed. Times are seconds; `letters` are those that it caused, `waiting` those of them that were
    not sent when it ended, `posting` how long they took then."""

    outcome: load.Outcome
    server_cpu: float
    other_cpu: float
    memory: int
    letters: int = 0
    waiting: int = 0
    posting: float = 0.0

    def latency(self, share: float) -> float:
        """The latency that this share of all flows did not exceed, in milliseconds."""
        ordered = sorted(self.outcome.latencies)
        return ordered[max(0, math.ceil(share * len(ordered)) - 1)] * 1000


@dataclass
class Race:
    """Many at once for one time: how many were told that they have it, and how many the database holds."""

    accepted: int
    rows: int


@dataclass
class Results:
    """All figures, by what was measured and whom."""

    figures: dict[tuple[str, str], list[Figure]] = field(default_factory=lambda: defaultdict(list))
    races: dict[str, list[Race]] = field(default_factory=lambda: defaultdict(list))
    syncs: list[float] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


class Rounds:
    """Measures two systems that are running."""

    def __init__(self, veldwerk: Veldwerk, peer: DjangoAppointment, calendar: Calendar, folder: Path) -> None:
        self._veldwerk, self._peer, self._calendar, self._folder = veldwerk, peer, calendar, folder
        self._rates: dict[str, float] = defaultdict(float)
        self.results = Results()

    def warm_up(self) -> None:
        """Lets both do a little of everything; how fast Veldwerk is then says how many guests a round needs."""
        for kind in (BOOK, CONSENT_AND_BOOK, VISIT):
            flows = self._flows(kind, _WARM_UP)
            self._learn(kind, load.all_done(self._veldwerk.server.port, flows, CLIENTS))
        self._veldwerk.settle()
        for system in (self._veldwerk, self._peer):
            load.run(system.server.port, system.lists(), CLIENTS, 1.0)

    def play(self, number: int, seconds: float) -> None:
        """One round."""
        both = [self._veldwerk, self._peer]
        order = both if number % 2 == 0 else both[::-1]
        self._probe()
        for system in order:
            self._race(system, number)
        for system in order:
            self._lists(system, seconds)
        for system in order:
            self._visits(system, seconds)
        for kind in (CONSENT_AND_BOOK, BOOK):
            self._veldwerk_books(kind, seconds)
        self._probe()

    def _probe(self) -> None:
        self.results.syncs.append(machine.syncs_per_second(self._folder))

    def _race(self, system: Veldwerk | DjangoAppointment, number: int) -> None:
        start = self._calendar.race(number)
        _say(f"{system.name}: {RIVALS} at once for {start.instant}")
        requests = system.rivals(start, RIVALS)
        answers = load.burst(system.server.port, requests)
        race = Race(sum(answer.status in (201, 302) for answer in answers), system.bookings(start))
        self.results.races[system.name].append(race)
        if race.accepted != race.rows:
            self._fault(f"{system.name} told {race.accepted} of {RIVALS} yes, its database holds {race.rows}")
        if isinstance(system, Veldwerk):
            others = sorted({answer.status for answer in answers} - {201, 409})
            if race.rows != 1 or others:
                self._fault(f"{system.name}: {race.rows} bookings of one time, answers besides 201 and 409: {others}")
            system.settle()

    def _lists(self, system: Veldwerk | DjangoAppointment, seconds: float) -> None:
        _say(f"{system.name}: {LISTS}")
        self._keep(LISTS, system.name, self._measured(system.server, system.lists(), seconds))

    def _visits(self, system: Veldwerk | DjangoAppointment, seconds: float) -> None:
        if isinstance(system, Veldwerk):
            self._veldwerk_books(VISIT, seconds)
            return
        _say(f"{system.name}: {VISIT}")
        before = system.bookings()
        figure = self._measured(system.server, system.visits(), seconds)
        self._keep(VISIT, system.name, figure)
        self._compare_rows(system.name, figure, system.bookings() - before)

    def _veldwerk_books(self, kind: str, seconds: float) -> None:
        veldwerk = self._veldwerk
        count = int(self._rates[kind] * seconds * _RESERVE) + CLIENTS
        _say(f"{veldwerk.name}: {kind}, {count} guests are invited")
        flows = self._flows(kind, count)
        rows, sent, cpu = veldwerk.bookings(), veldwerk.letters_sent(), veldwerk.server.cpu_seconds()
        figure = self._measured(veldwerk.server, flows, seconds)
        figure.waiting = veldwerk.letters_waiting()
        figure.posting = veldwerk.settle()
        figure.letters = veldwerk.letters_sent() - sent
        figure.server_cpu = veldwerk.server.cpu_seconds() - cpu
        self._learn(kind, figure.outcome)
        self._keep(kind, veldwerk.name, figure)
        self._compare_rows(veldwerk.name, figure, veldwerk.bookings() - rows)

    def _flows(self, kind: str, count: int) -> Iterator[load.Flow]:
        guests = self._veldwerk.guests(count, consented=kind == BOOK)
        if kind == BOOK:
            return map(veldwerk_flows.book, [veldwerk_flows.booking_request(guest) for guest in guests])
        return map(_BY_API[kind], guests)

    def _measured(self, server: Server, flows: Iterator[load.Flow], seconds: float) -> Figure:
        cpu, busy = server.cpu_seconds(), machine.busy_seconds()
        outcome = load.run(server.port, flows, CLIENTS, seconds)
        cpu, busy = server.cpu_seconds() - cpu, machine.busy_seconds() - busy
        return Figure(outcome, cpu, max(0.0, busy - cpu - outcome.client_cpu), server.memory())

    def _learn(self, kind: str, outcome: load.Outcome) -> None:
        self._rates[kind] = max(self._rates[kind], outcome.done / outcome.seconds)

    def _keep(self, kind: str, name: str, figure: Figure) -> None:
        self.results.figures[kind, name].append(figure)
        failures = figure.outcome.failures
        if failures:
            self._fault(f"{name}, {kind}: {len(failures)} flows failed, the first: {failures[0]}")

    def _compare_rows(self, name: str, figure: Figure, rows: int) -> None:
        if rows != figure.outcome.done:
            self._fault(f"{name}: {figure.outcome.done} bookings were answered, its database holds {rows}")

    def _fault(self, sentence: str) -> None:
        self.results.faults.append(sentence)
        _say(f"FAULT: {sentence}")


def _say(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)
