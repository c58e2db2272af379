"""Fault: another program opens the database file beside the running server, reads, and closes it.

People do this: a look with the command line of SQLite, a copy by a backup tool. The last program to close a SQLite file
deletes its log. Whether it is the last it learns from the locks of the others, so a server that lost its lock goes on
writing into a log that nobody will find again, and all that it acknowledges from then on is gone with the process.
"""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import audit_of_rows
import files
from fieldwork import new_study
from ledger import Told
from program import Program
from verdict import Verdict, control, fault

WRITES = 20


def run(binary: Path, home: Path, _seed: int) -> Iterator[Verdict]:
    found = _visited(binary, home / "visited", _look)
    yield fault("the file opened and closed by another program", found, f"{WRITES} writes before and {WRITES} after")
    yield control("the log deleted from outside", _visited(binary, home / "robbed", _rob))


def _visited(binary: Path, home: Path, visit: Callable[[Path], None]) -> list[str]:
    """Acknowledged writes before and after a visit, then a kill; what is missing then."""
    home.mkdir()
    program = Program(binary, home)
    try:
        program.settle()
        program.start()
        told = _write(program)
        visit(program.database)
        told += _write(program)
        program.kill()
        return audit_of_rows.of_file(files.copy(program.database, home / "left"), told)
    finally:
        program.kill()


def _write(program: Program) -> list[Told]:
    client = program.researcher()
    answers = [new_study(client).expect(201) for _ in range(WRITES)]
    # A question too, so that the server has connections that read beside the one that writes.
    client.get("/api/v1/studies").expect(200)
    client.close()
    return [Told("study", answer.json()["id"], answer.request) for answer in answers]


def _look(database: Path) -> None:
    with closing(sqlite3.connect(database)) as guest:
        guest.execute("SELECT COUNT(*) FROM studies").fetchone()


def _rob(database: Path) -> None:
    files.log_of(database).unlink()
