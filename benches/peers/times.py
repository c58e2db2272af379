"""The times that are booked: half hours from nine to six, every day for two years, the same in both systems.

Some days are kept for the lists of free times and some for the races; all others are for bookings, in an order that
is mixed but the same in every run.
"""

import random
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Europe/Amsterdam")
LENGTH = timedelta(minutes=30)
STARTS_PER_DAY = 18
_OPENS = time(9)
_LIST_DAYS = range(2, 16)
_RACE_DAYS = range(16, 46)
_BOOKING_DAYS = range(46, 720)
# Starts that are taken on each day whose list is asked for.
_TAKEN = (2, 7, 8, 13)


@dataclass(frozen=True, slots=True)
class Start:
    """The beginning of half an hour, on the clock of the study."""

    local: datetime

    @property
    def instant(self) -> str:
        """As Veldwerk takes it."""
        return self._zoned.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

    @property
    def seconds(self) -> int:
        """As Veldwerk's database keeps it."""
        return int(self._zoned.timestamp())

    @property
    def end(self) -> datetime:
        """The end on the clock of the study."""
        return self.local + LENGTH

    @property
    def _zoned(self) -> datetime:
        return self.local.replace(tzinfo=ZONE)


class Calendar:
    """All starts, counted from the day of the run."""

    def __init__(self, today: date) -> None:
        self.list_days = [today + timedelta(days=ahead) for ahead in _LIST_DAYS]
        self._race_days = [today + timedelta(days=ahead) for ahead in _RACE_DAYS]
        self._booking_days = [today + timedelta(days=ahead) for ahead in _BOOKING_DAYS]

    def taken_in_lists(self) -> list[Start]:
        """What is booked beforehand on the days whose lists are asked for."""
        return [_starts(day)[number] for day in self.list_days for number in _TAKEN]

    def race(self, number: int) -> Start:
        """The start that everybody wants in this round."""
        return _starts(self._race_days[number % len(self._race_days)])[number // len(self._race_days)]

    def bookings(self) -> list[Start]:
        """What is there to book, mixed."""
        starts = [start for day in self._booking_days for start in _starts(day)]
        random.Random(13).shuffle(starts)
        return starts


FREE_PER_LIST = STARTS_PER_DAY - len(_TAKEN)


def midnight(day: date) -> str:
    """The instant at which a day of the study begins."""
    return Start(datetime.combine(day, time())).instant


def _starts(day: date) -> list[Start]:
    return [Start(datetime.combine(day, _OPENS) + LENGTH * number) for number in range(STARTS_PER_DAY)]
