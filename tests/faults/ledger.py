"""What the program has acknowledged, as its clients heard it, to be held against the database afterwards."""

import threading
from dataclasses import dataclass


@dataclass(frozen=True)
class Told:
    """One acknowledged write."""

    what: str
    subject: str
    request: str
    number: int = 0
    state: str = ""


class Ledger:
    """Acknowledged writes in the order in which the answers came; many clients write into it at once."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._told: list[Told] = []

    def note(self, told: Told) -> None:
        with self._lock:
            self._told.append(told)

    def all(self) -> list[Told]:
        with self._lock:
            return list(self._told)
