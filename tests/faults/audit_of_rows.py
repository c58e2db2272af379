"""Holds the rows of a database against what was acknowledged, and against the rules that always hold.

The questions are plain SQL that both databases take, so that the same check serves both.
"""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from ledger import Told

Rows = Callable[[str], list[tuple[str, ...]]]

INTERVIEWS = "SELECT id, sequence, status, starts_at FROM interviews"
CONSENTED = "SELECT DISTINCT respondent FROM consents"
WRITTEN = "SELECT COALESCE(message_id, '') FROM letters"
LISTED = "SELECT studies.id, COUNT(respondents.id) FROM studies " \
    "LEFT JOIN respondents ON respondents.study = studies.id GROUP BY studies.id"
OVERLAPS = "SELECT a.interview, b.interview FROM reservations a JOIN reservations b ON a.interviewer = b.interviewer " \
    "AND a.id < b.id AND a.guard_from < b.guard_until AND b.guard_from < a.guard_until WHERE a.active AND b.active"
MEETINGS_AT_ONCE = "SELECT a.id, b.id FROM interviews a JOIN interviews b ON a.interviewer = b.interviewer AND a.id < b.id " \
    "AND a.starts_at < b.ends_at AND b.starts_at < a.ends_at WHERE a.status = 'booked' AND b.status = 'booked'"
UNGUARDED = "SELECT id FROM interviews WHERE status = 'booked' AND NOT EXISTS (SELECT 1 FROM reservations r " \
    "WHERE r.interview = interviews.id AND r.active AND r.guard_from = interviews.starts_at)"
MISCOUNTED = "SELECT id, taken FROM strata WHERE taken <> (SELECT COUNT(*) FROM interviews " \
    "WHERE interviews.stratum = strata.id AND status IN ('booked', 'held'))"
UNWRITTEN = "SELECT id FROM interviews WHERE 2 > (SELECT COUNT(*) FROM letters WHERE letters.interview = interviews.id " \
    "AND letters.kind IN ('confirmation', 'interviewer_booked'))"


def complaints(rows: Rows, told: list[Told]) -> list[str]:
    """Everything that is missing or breaks a rule."""
    return missing(rows, told) + broken_rules(rows)


def missing(rows: Rows, told: list[Told]) -> list[str]:
    """The acknowledged writes that are not there."""
    interviews = {row[0]: row[1:] for row in rows(INTERVIEWS)}
    consented = {row[0] for row in rows(CONSENTED)}
    written = {row[0] for row in rows(WRITTEN)}
    listed = {row[0]: int(row[1]) for row in rows(LISTED)}
    found = []
    for entry in told:
        if entry.what == "interview":
            lost = _interview_lost(entry, interviews.get(entry.subject))
        elif entry.what == "consent":
            lost = entry.subject not in consented
        elif entry.what == "letter":
            lost = entry.subject not in written
        elif entry.what == "import":
            lost = listed.get(entry.subject, 0) < entry.number
        else:
            lost = entry.subject not in listed
        if lost:
            found.append(f"acknowledged {entry.what} {entry.subject} is missing")
    return found


def _interview_lost(entry: Told, row: tuple[str, ...] | None) -> bool:
    """Whether an interview is not there as it was told. A higher sequence is a later change of it."""
    if row is None:
        return True
    sequence, status, starts_at = int(row[0]), row[1], row[2]
    if sequence != entry.number:
        return sequence < entry.number
    return entry.state not in (f"booked {starts_at}", status)


def broken_rules(rows: Rows) -> list[str]:
    """The rules that no crash may break."""
    rules = (
        (OVERLAPS, "two active reservations of an interviewer overlap"),
        (MEETINGS_AT_ONCE, "an interviewer is booked twice"),
        (UNGUARDED, "a booked interview does not guard its time"),
        (MISCOUNTED, "the counter of a stratum is not the number of its interviews"),
        (UNWRITTEN, "an interview has no letters"),
    )
    return [f"{words}: {' '.join(row)}" for question, words in rules for row in rows(question)]


def of_file(database: Path, told: list[Told]) -> list[str]:
    """Checks a SQLite file that nobody serves, its integrity first. It is opened for writing, as the program would:
    only so is its log replayed."""
    try:
        with closing(sqlite3.connect(database)) as connection:
            # Only this look is without syncs: they would cost more than the look.
            connection.execute("PRAGMA synchronous = OFF")
            verdict = [str(row[0]) for row in connection.execute("PRAGMA integrity_check(3)")]
            if verdict != ["ok"]:
                return [f"integrity_check: {line}" for line in verdict]
            orphans = connection.execute("PRAGMA foreign_key_check").fetchall()
            found = [f"a row refers to nothing: {orphan}" for orphan in orphans[:3]]
            return found + complaints(lambda question: texts(connection.execute(question).fetchall()), told)
    except sqlite3.DatabaseError as error:
        return [f"the file can't be read: {error}"]


def rows_of(database: Path) -> Rows:
    """Asks a SQLite file that nobody serves."""

    def rows(question: str) -> list[tuple[str, ...]]:
        with closing(sqlite3.connect(database)) as connection:
            return texts(connection.execute(question).fetchall())

    return rows


def texts(found: list[tuple[object, ...]]) -> list[tuple[str, ...]]:
    return [tuple(str(value) for value in row) for row in found]
