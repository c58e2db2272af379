"""The results as tables: medians of all rounds with the smallest and largest, and how Veldwerk compares."""

from collections.abc import Callable
from dataclasses import dataclass
from statistics import median

from django_peer import DjangoAppointment
from rounds import BOOK, CLIENTS, CONSENT_AND_BOOK, LISTS, RIVALS, VISIT, Figure, Results
from veldwerk import Veldwerk

OURS, PEER = Veldwerk.name, DjangoAppointment.name
_MIB = 1024 * 1024


@dataclass(frozen=True)
class Column:
    """One measure of a load, and whether the proportion of two of them says something."""

    title: str
    value: Callable[[Figure], float]
    compared: bool = True


_COLUMNS = [
    Column("per second", lambda f: f.outcome.done / f.outcome.seconds),
    Column("per second, until the last letter is out", lambda f: f.outcome.done / (f.outcome.seconds + f.posting)),
    Column("p50 ms", lambda f: f.latency(0.50)),
    Column("p99 ms", lambda f: f.latency(0.99)),
    Column("server CPU each, ms", lambda f: f.server_cpu / f.outcome.done * 1000),
    Column("client CPU, cores", lambda f: f.outcome.client_cpu / f.outcome.seconds, compared=False),
    Column("other CPU, cores", lambda f: f.other_cpu / f.outcome.seconds, compared=False),
]


def print_report(results: Results) -> None:
    """Prints everything."""
    _races(results)
    _loads(results)
    _memory(results)
    _letters(results)
    probe = results.syncs
    print(f"fsync probe: {median(probe):,.0f} appends of 4 KiB per second [{min(probe):,.0f}–{max(probe):,.0f}]")
    for fault in results.faults:
        print(f"FAULT: {fault}")


def _races(results: Results) -> None:
    print(f"\nBookings in the database after {RIVALS} clients asked for one time at once, round by round:")
    for name in (OURS, PEER):
        print(f"  {name}: {', '.join(str(race.rows) for race in results.races[name])}")


def _loads(results: Results) -> None:
    print(f"\n{CLIENTS} clients at once; median [smallest–largest] of the rounds; ratio = {OURS} / {PEER}\n")
    _row("", "", *(column.title for column in _COLUMNS))
    _row(*["---"] * (len(_COLUMNS) + 2))
    for kind in (LISTS, VISIT):
        _row(kind, OURS, *(_spread(_values(results, kind, OURS, column)) for column in _COLUMNS))
        _row("", PEER, *(_spread(_values(results, kind, PEER, column)) for column in _COLUMNS))
        _row("", "ratio", *(_ratio(results, kind, kind, column) for column in _COLUMNS))
    for kind in (CONSENT_AND_BOOK, BOOK):
        _row(kind, OURS, *(_spread(_values(results, kind, OURS, column)) for column in _COLUMNS))
        _row("", f"ratio to a {VISIT}", *(_ratio(results, kind, VISIT, column) for column in _COLUMNS))


def _memory(results: Results) -> None:
    print()
    for whose in (OURS, PEER):
        figures = [one for (_, name), all_ in results.figures.items() if name == whose for one in all_]
        print(f"memory (PSS) of {whose} at most: {max(one.memory for one in figures) / _MIB:.0f} MiB")


def _letters(results: Results) -> None:
    for kind in (VISIT, CONSENT_AND_BOOK, BOOK):
        figures = results.figures[kind, OURS]
        done, letters = sum(one.outcome.done for one in figures), sum(one.letters for one in figures)
        waiting, posting = median(one.waiting for one in figures), median(one.posting for one in figures)
        print(
            f"letters of {kind}: {letters:,} sent for {done:,} bookings; when the clock stopped {waiting:,.0f} waited"
            f" and took {posting:.1f} s more"
        )


def _values(results: Results, kind: str, name: str, column: Column) -> list[float]:
    return [column.value(figure) for figure in results.figures[kind, name]]


def _ratio(results: Results, kind: str, of_peer: str, column: Column) -> str:
    if not column.compared:
        return ""
    ours, peer = _values(results, kind, OURS, column), _values(results, of_peer, PEER, column)
    return f"**{_number(median(ours) / median(peer))}**"


def _row(*cells: str) -> None:
    print(f"| {' | '.join(cells)} |")


def _spread(values: list[float]) -> str:
    return f"{_number(median(values))} [{_number(min(values))}–{_number(max(values))}]"


def _number(value: float) -> str:
    """About three digits that count."""
    if value >= 100:
        return f"{value:,.0f}"
    for least, digits in ((10, 1), (1, 2), (0.1, 3)):
        if value >= least:
            return f"{value:.{digits}f}"
    return f"{value:.4f}"
