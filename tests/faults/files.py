"""Copies of a SQLite database as a crash leaves it: the file and its log. The shared memory beside them is rebuilt."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path


def log_of(database: Path) -> Path:
    return database.with_name(database.name + "-wal")


def copy(database: Path, directory: Path) -> Path:
    """A copy to look at, so that looking changes nothing of what a later start finds."""
    shutil.rmtree(directory, ignore_errors=True)
    directory.mkdir(parents=True)
    target = directory / database.name
    shutil.copyfile(database, target)
    if log_of(database).exists():
        shutil.copyfile(log_of(database), log_of(target))
    return target


def change(database: Path, *statements: str) -> None:
    """Changes a copy behind the program's back."""
    with closing(sqlite3.connect(database)) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()


def wipe_page(database: Path, number: int) -> None:
    """Writes zeros over a page of a copy; its log, which might hold the page too, goes into the file first."""
    with closing(sqlite3.connect(database)) as connection:
        (size,) = connection.execute("PRAGMA page_size").fetchone()
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    with database.open("r+b") as file:
        file.seek(size * (number - 1))
        file.write(bytes(size))


def put_back(copied: Path, database: Path) -> None:
    """Puts a copy in the place of a database that nobody serves."""
    for old in (database, log_of(database), database.with_name(database.name + "-shm")):
        old.unlink(missing_ok=True)
    shutil.copyfile(copied, database)
    if log_of(copied).exists():
        shutil.copyfile(log_of(copied), log_of(database))
