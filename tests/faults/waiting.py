"""Waits for a condition with a deadline, so that no test sleeps and hopes."""

import time
from collections.abc import Callable
from typing import TypeVar

Found = TypeVar("Found")
STEP_SECONDS = 0.02


class TooLate(Exception):
    """What was waited for did not come."""


def until(what: str, condition: Callable[[], Found | None], seconds: float) -> Found:
    """The first true answer of the condition; `what` stands in the complaint when none comes."""
    deadline = time.monotonic() + seconds
    while True:
        found = condition()
        if found:
            return found
        if time.monotonic() > deadline:
            raise TooLate(f"not within {seconds:g} s: {what}")
        time.sleep(STEP_SECONDS)
