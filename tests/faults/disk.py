"""A disk that may lose power: what was synced is there, and of what was not, anything.

SQLite, and every database that runs on ordinary file systems, takes for granted that a write changes no byte outside
of it. Within that, a lost write, a write without the ones before it and a write torn between two sectors are all fair.
"""

import random
from dataclasses import dataclass, field
from pathlib import Path

from system_calls import Step, Sync, Truncate, Write

SECTOR = 512


@dataclass
class File:
    synced: bytearray
    pending: list[Write | Truncate] = field(default_factory=list)


class Disk:
    """The files of a database while a trace is replayed."""

    def __init__(self, files: list[Path], home: Path) -> None:
        self._files = {str(home / file.name): File(bytearray(file.read_bytes())) for file in files}

    def take(self, step: Step) -> None:
        if isinstance(step, (Write, Truncate)):
            self._file(step.file).pending.append(step)
        elif isinstance(step, Sync):
            file = self._file(step.file)
            for change in file.pending:
                _apply(file.synced, change)
            file.pending.clear()

    def _file(self, name: str) -> File:
        return self._files.setdefault(name, File(bytearray()))

    def write_down(self, directory: Path, survives: "Survival") -> None:
        """Writes the files as they are found when the power is back."""
        directory.mkdir(parents=True, exist_ok=True)
        for name, file in self._files.items():
            content = bytearray(file.synced)
            for change in file.pending:
                for part in survives.parts(change):
                    _apply(content, part)
            (directory / Path(name).name).write_bytes(content)


def _apply(content: bytearray, change: Write | Truncate) -> None:
    if isinstance(change, Truncate):
        del content[change.size :]
        content.extend(bytes(change.size - len(content)))
        return
    end = change.offset + len(change.data)
    if len(content) < change.offset:
        content.extend(bytes(change.offset - len(content)))
    content[change.offset : end] = change.data


class Survival:
    """Which unsynced changes reach the disk: none, all, some, or some of them torn."""

    KINDS = ("none", "all", "some", "torn")

    def __init__(self, kind: str, chance: random.Random) -> None:
        self._kind = kind
        self._chance = chance
        self._share = chance.random()

    def parts(self, change: Write | Truncate) -> list[Write | Truncate]:
        if self._kind == "none":
            return []
        if self._kind == "all":
            return [change]
        if self._kind == "torn" and isinstance(change, Write):
            return [part for part in _sectors(change) if self._chance.random() < self._share]
        return [change] if self._chance.random() < self._share else []


def _sectors(write: Write) -> list[Write]:
    """A write cut where the sectors of the disk end."""
    parts = []
    at = 0
    while at < len(write.data):
        size = SECTOR - (write.offset + at) % SECTOR
        parts.append(Write(write.file, write.offset + at, write.data[at : at + size]))
        at += size
    return parts
