"""django-appointment under measure: gunicorn in production mode over SQLite, seeded with one service.

Four worker processes with two threads each serve the eight clients on connections that are kept.
"""

import itertools
import secrets
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import load
from django_flows import Client, booked, listed, ready_to_confirm
from processes import Server, bare_environment
from times import Calendar, Start
from wire import get

_CLIENTS = 8
_HERE = Path(__file__).parent
_GUNICORN = ["--workers", "4", "--worker-class", "gthread", "--threads", "2", "--keep-alive", "75"]


class DjangoAppointment:
    """The server, and clients for it."""

    name = "django-appointment"

    def __init__(self, folder: Path, calendar: Calendar) -> None:
        self.server = Server(self.name, folder)
        self._calendar = calendar
        self._database = folder / "peer.db"
        self._environment = bare_environment() | {
            "DJANGO_SETTINGS_MODULE": "django_site.settings",
            "PYTHONPATH": str(_HERE),
            "PEER_DATABASE": str(self._database),
            "PEER_SECRET": secrets.token_hex(32),
        }
        self._starts = itertools.cycle(calendar.bookings())
        self._numbers = itertools.count()

    def start(self) -> None:
        """Serves, with something booked in the lists."""
        seed = [sys.executable, "-m", "django_site.seed"]
        folder = self.server.folder
        subprocess.run(seed, env=self._environment, cwd=folder, check=True, capture_output=True, timeout=120)
        command = [sys.executable, "-m", "gunicorn", *_GUNICORN, "--bind", f"127.0.0.1:{self.server.port}"]
        self.server.start([*command, "django.core.wsgi:get_wsgi_application()"], self._environment, "/request/1/")
        load.all_done(self.server.port, map(self._visit, self._calendar.taken_in_lists()), _CLIENTS)

    def visits(self) -> Iterator[load.Flow]:
        """Clients who book, each a time of their own, without end."""
        return map(self._visit, self._starts)

    def rivals(self, start: Start, count: int) -> list[bytes]:
        """So many clients who all press the last button for one time."""
        requests: list[bytes] = []
        flows = (ready_to_confirm(self._client(start), requests) for _ in range(count))
        load.all_done(self.server.port, flows, _CLIENTS)
        return requests

    def lists(self) -> Iterator[load.Flow]:
        """Clients who look at the free times of one day, without end."""
        return map(listed, itertools.cycle([_list_request(day) for day in self._calendar.list_days]))

    def bookings(self, start: Start | None = None) -> int:
        """How many appointments its database holds, all or those at one time."""
        query = "SELECT count(*) FROM appointment_appointment"
        values: tuple[str, ...] = ()
        if start is not None:
            query += " a JOIN appointment_appointmentrequest r ON r.id = a.appointment_request_id"
            query += " WHERE r.date = ? AND r.start_time = ?"
            values = (start.local.strftime("%Y-%m-%d"), start.local.strftime("%H:%M:%S"))
        database = sqlite3.connect(f"file:{self._database}?mode=ro", uri=True, timeout=30)
        try:
            return int(database.execute(query, values).fetchone()[0])
        finally:
            database.close()

    def _client(self, start: Start) -> Client:
        return Client(next(self._numbers), start)

    def _visit(self, start: Start) -> load.Flow:
        return booked(self._client(start))


def _list_request(day: date) -> bytes:
    path = f"/ajax/available_slots/?selected_date={day}&staff_member=1&service_id=1"
    return get(path, "X-Requested-With: XMLHttpRequest\r\n")
