"""Records what a server asks of its disk and what it tells its clients, in one order, by tracing its system calls.

The one order is the point: an answer counts as given at the moment when the server hands it to the network, and whatever
had not been synced at that moment must not be needed for it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

BY_NAME = ("unlink", "unlinkat", "rename", "renameat", "renameat2", "truncate")
BY_NUMBER = ("pwrite64", "pwritev", "pwritev2", "write", "writev", "sendto", "sendmsg", "fsync", "fdatasync", "ftruncate")
# Numbers of threads are padded to five places.
LINE = re.compile(r"^(\d+) +(?:<\.\.\. (\w+) resumed>|(\w+)\((?:(\d+)<([^>]*)>)?)(.*)$", re.DOTALL)
TEXT = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')
REQUEST = re.compile(rb"x-request-id: ([0-9a-f]+)")
MESSAGE = re.compile(rb"Message-ID: <([^>]+)>")


@dataclass(frozen=True)
class Write:
    file: str
    offset: int
    data: bytes


@dataclass(frozen=True)
class Truncate:
    file: str
    size: int


@dataclass(frozen=True)
class Sync:
    file: str


@dataclass(frozen=True)
class Left:
    """Something that has left for the network: the answer to a request, by its number, or a letter, by its identifier."""

    what: str


Step = Write | Truncate | Sync | Left


class Unknown(Exception):
    """The trace holds something that the model of a disk does not know, so nothing can be said."""


def command(output: Path) -> list[str]:
    """What the server is to be started under. The tracer stays in the background: the child is the server itself."""
    return [
        "strace", "-D", "-f", "-y", "-xx", "-s", "200000", "--seccomp-bpf", "-e", f"trace={','.join(BY_NAME + BY_NUMBER)}",
        "-o", str(output),
    ]


def has_ended(output: Path) -> bool:
    """Whether the tracer has written its last line: that the process was killed. Threads that ended before have theirs."""
    with output.open("rb") as file:
        file.seek(max(0, output.stat().st_size - 4096))
        last = file.read().rstrip().rsplit(b"\n", 1)[-1]
    return last.endswith(b"+++ killed by SIGKILL +++")


def read(output: Path, database: Path) -> Iterator[Step]:
    """The steps that concern the database and the clients. A write counts from its beginning, a sync from its end."""
    writing: dict[str, str] = {}
    syncing: dict[str, str] = {}
    with output.open() as lines:
        for match in filter(None, map(LINE.match, lines)):
            thread, resumed, call, _, where, rest = match.groups()
            if resumed:
                writing.pop(thread, None)
                if thread in syncing:
                    yield from _synced(syncing.pop(thread), rest)
                continue
            file = _path(where)
            unfinished = rest.rstrip().endswith("<unfinished ...>")
            if call in ("fsync", "fdatasync") and _is_part(file, database):
                _alone(file, writing)
                if unfinished:
                    syncing[thread] = file
                else:
                    yield from _synced(file, rest)
            elif step := _step(call, file, rest, database):
                _alone(file, syncing)
                if unfinished:
                    writing[thread] = file
                yield step


def _alone(file: str, others: dict[str, str]) -> None:
    """Whether a sync covers a write that runs beside it can't be known. The program has one writer, so none does."""
    if file in others.values():
        raise Unknown(f"{file} is written and synced at the same time")


def _synced(file: str, rest: str) -> Iterator[Sync]:
    """A sync that came to its end; one that the end of the process cut off did nothing."""
    result = rest.rsplit("=", 1)[-1].strip()
    if result == "0":
        yield Sync(file)
    elif result != "?":
        raise Unknown(f"a sync of {file} failed: {result}")


def _step(call: str, file: str, rest: str, database: Path) -> Step | None:
    if not _is_part(file, database):
        if call in BY_NAME and any(_is_part(_plain(text), database) for text in TEXT.findall(rest)):
            raise Unknown(f"{call} of a file of the database")
        return _left(rest) if file.startswith("socket:") else None
    numbers = re.findall(r", (\d+)(?=[,) ])", rest[rest.rfind('"') + 1 :])
    if call == "pwrite64":
        return Write(file, int(numbers[1]), bytes.fromhex(TEXT.findall(rest)[0].replace("\\x", "")))
    if call == "ftruncate":
        return Truncate(file, int(numbers[0]))
    raise Unknown(f"{call} on {file}")


def _left(rest: str) -> Left | None:
    data = b"".join(bytes.fromhex(text.replace("\\x", "")) for text in TEXT.findall(rest))
    found = REQUEST.search(data) or MESSAGE.search(data)
    return Left(found.group(1).decode()) if found else None


def _is_part(file: str, database: Path) -> bool:
    return file in (str(database), f"{database}-wal", f"{database}-journal")


def _path(where: str | None) -> str:
    return _plain(where) if where else ""


def _plain(text: str) -> str:
    return bytes.fromhex(text.replace("\\x", "")).decode(errors="replace") if text.startswith("\\x") else text
