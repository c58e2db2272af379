"""Veldwerk under measure: the release program with its default settings, set up through its API alone.

SQLite, synchronous=FULL, letters written as files in its data directory. An interviewer holds at most 18 interviews a
day, as in the peer; when the times of one are used up, another study with another interviewer is made.
"""

import csv
import io
import json
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import load
import veldwerk_flows as flows
from processes import Server, bare_environment
from times import Calendar, Start
from veldwerk_flows import Guest
from wire import HOST

_CLIENTS = 8
_POSTED_WITHIN = 300.0
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_STUDY = {
    "title": "A comparison",
    "contact_email": "researcher@example.org",
    "interview_minutes": 30,
    "slot_step_minutes": 30,
    "buffer_minutes": 0,
    "min_notice_minutes": 0,
    "horizon_days": 730,
    "public_holidays": False,
    "modes": ["teams"],
    "teams_link": "https://meeting.example.org/room",
}
_FORM = {
    "intro": {"nl": "U doet vrijwillig mee.", "en": "Taking part is voluntary."},
    "items": [
        {"key": flows.ITEM, "required": True, "text": {"nl": "Ik doe mee.", "en": "I take part."}},
    ],
}


@dataclass
class Study:
    """A study with one interviewer, who owns it."""

    id: str
    token: str
    left: list[Start]
    known: set[str] = field(default_factory=set)


class Veldwerk:
    """The server, and the studies in it."""

    name = "Veldwerk"

    def __init__(self, program: Path, folder: Path, calendar: Calendar) -> None:
        self.server = Server(self.name, folder)
        self._program, self._calendar = program, calendar
        self._data = folder / "data"
        self._environment = bare_environment() | {
            "VELDWERK_DATA_DIR": str(self._data),
            "VELDWERK_PORT": str(self.server.port),
        }
        self._studies: list[Study] = []

    def start(self) -> None:
        """Serves, with a first study whose lists have something booked in them."""
        self.server.start([str(self._program), "serve"], self._environment, "/health/ready")
        self._found_study()
        taken = self._calendar.taken_in_lists()
        guests = self._guests(self._studies[0], taken)
        load.all_done(self.server.port, map(flows.visit, guests), _CLIENTS)
        self._lookers = self._guests(self._studies[0], taken[:_CLIENTS])
        self.settle()

    def guests(self, count: int, consented: bool) -> list[Guest]:
        """New respondents with their links, each with a time of their own; the letters of all this are sent."""
        guests: list[Guest] = []
        while len(guests) < count:
            if not self._studies[-1].left:
                self._found_study()
            study = self._studies[-1]
            wanted = count - len(guests)
            starts, study.left = study.left[:wanted], study.left[wanted:]
            guests += self._guests(study, starts)
        if consented:
            load.all_done(self.server.port, map(flows.consent, guests), _CLIENTS)
        self.settle()
        return guests

    def rivals(self, start: Start, count: int) -> list[bytes]:
        """So many respondents who all press the button for one time."""
        guests = self._guests(self._studies[0], [start] * count)
        load.all_done(self.server.port, map(flows.consent, guests), _CLIENTS)
        self.settle()
        return [flows.booking_request(guest) for guest in guests]

    def lists(self) -> Iterator[load.Flow]:
        """Respondents who look at the free times of one day, without end."""
        return flows.lists(self._lookers, self._calendar.list_days)

    def bookings(self, start: Start | None = None) -> int:
        """How many interviews its database holds, all or those at one time."""
        if start is None:
            return self._count("SELECT count(*) FROM interviews WHERE status = 'booked'")
        query = "SELECT count(*) FROM interviews WHERE status = 'booked' AND starts_at = ?"
        return self._count(query, start.seconds)

    def letters_sent(self) -> int:
        """How many letters are written as files by now."""
        return self._count("SELECT count(*) FROM letters WHERE state = 'sent'")

    def letters_waiting(self) -> int:
        """How many letters are due and still in the outbox."""
        now = int(time.time())
        return self._count("SELECT count(*) FROM letters WHERE state = 'queued' AND due_at <= ?", now)

    def settle(self) -> float:
        """Waits until no letter is due any more; answers how long that took."""
        begun = time.perf_counter()
        while self.letters_waiting():
            if time.perf_counter() - begun > _POSTED_WITHIN:
                raise TimeoutError(f"{self.letters_waiting()} letters still wait after {_POSTED_WITHIN:.0f} seconds")
            time.sleep(0.2)
        return time.perf_counter() - begun

    def _count(self, query: str, *values: int) -> int:
        database = sqlite3.connect(f"file:{self._data / 'veldwerk.db'}?mode=ro", uri=True, timeout=30)
        try:
            return int(database.execute(query, values).fetchone()[0])
        finally:
            database.close()

    def _found_study(self) -> None:
        email = f"researcher{len(self._studies)}@example.org"
        self._command(["user", "add", "--email", email, "--name", "Researcher"], "a long enough password\n")
        token = self._command(["token", "create", "--email", email, "--label", "comparison"]).strip()
        study = self._api(token, "POST", "/studies", _STUDY)["id"]
        form = self._api(token, "POST", f"/studies/{study}/consent-forms", _FORM)["id"]
        self._api(token, "POST", f"/consent-forms/{form}/publish", {})
        rules = [{"weekday": day, "from": "09:00", "until": "18:00"} for day in _DAYS]
        self._api(token, "PUT", f"/studies/{study}/availability", {"rules": rules, "exceptions": []})
        self._studies.append(Study(study, token, self._calendar.bookings()))

    def _guests(self, study: Study, starts: list[Start]) -> list[Guest]:
        first = len(study.known)
        table = io.StringIO()
        rows = csv.writer(table)
        rows.writerow(["name", "email", "municipality"])
        rows.writerows([f"Guest {n}", f"guest{n}@example.org", "Den Haag"] for n in range(first, first + len(starts)))
        report = self._api(study.token, "POST", f"/studies/{study.id}/respondents/import", table.getvalue())
        if report["imported"] != len(starts):
            raise RuntimeError(f"the import took {report['imported']} of {len(starts)} rows")
        links: list[str] = []
        renewals = (flows.renewed_link(study.token, id, links) for id in self._new_respondents(study))
        load.all_done(self.server.port, renewals, _CLIENTS)
        return [Guest(link, start.instant) for link, start in zip(links, starts, strict=True)]

    def _new_respondents(self, study: Study) -> list[str]:
        found, path = [], f"/studies/{study.id}/respondents?status=listed&limit=200"
        page = self._api(study.token, "GET", path)
        while True:
            found += [one["id"] for one in page["items"] if one["id"] not in study.known]
            if page["next"] is None:
                break
            page = self._api(study.token, "GET", f"{path}&cursor={page['next']}")
        study.known.update(found)
        return found

    def _api(self, token: str, method: str, path: str, body: object = None) -> Any:
        kind = "text/csv" if isinstance(body, str) else "application/json"
        text = body if isinstance(body, str) else json.dumps(body)
        connection = HTTPConnection(HOST, self.server.port, timeout=300)
        try:
            headers = {"Authorization": f"Bearer {token}", "Content-Type": kind}
            connection.request(method, f"/api/v1{path}", None if body is None else text.encode(), headers)
            answer = connection.getresponse()
            said = answer.read()
        finally:
            connection.close()
        if answer.status >= 300:
            raise RuntimeError(f"{method} {path}: {answer.status}: {said[:300].decode(errors='replace')}")
        return json.loads(said)

    def _command(self, words: list[str], line: str = "") -> str:
        ended = subprocess.run(
            [str(self._program), *words],
            env=self._environment,
            cwd=self.server.folder,
            input=line,
            text=True,
            capture_output=True,
            timeout=60,
        )
        if ended.returncode != 0:
            raise RuntimeError(f"veldwerk {words[0]} {words[1]} failed: {ended.stderr}")
        return ended.stdout
