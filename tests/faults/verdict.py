"""What a fault test says in the end: one line per fault and one per control.

A fault holds when its check has no complaints. A control is a fault that was put in on purpose: it holds when the very
same check does complain. A check that stays green over a seeded fault has shown nothing.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Verdict:
    kind: str
    name: str
    holds: bool
    said: str

    def __str__(self) -> str:
        word = "ok" if self.holds else "FAILED"
        return f"{word:6} {self.kind:7} {self.name}: {self.said}"


def fault(name: str, complaints: list[str], shown: str) -> Verdict:
    """A fault that the product must survive; `shown` tells how much was tried."""
    said = f"{shown}; {_first(complaints)}" if complaints else shown
    return Verdict("fault", name, not complaints, said)


def control(name: str, complaints: list[str]) -> Verdict:
    """A seeded fault that the check must find."""
    said = _first(complaints) if complaints else "NOT FOUND: the check stays green over it"
    return Verdict("control", name, bool(complaints), said)


def _first(complaints: list[str]) -> str:
    more = f" (and {len(complaints) - 1} more)" if len(complaints) > 1 else ""
    return " ".join(complaints[0].split())[:240] + more
