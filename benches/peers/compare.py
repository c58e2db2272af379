"""Compares Veldwerk with django-appointment in one run; `run.sh` beside this file calls it in an environment that has
the peer."""

import argparse
import os
import platform
import shutil
import signal
import sys
from datetime import datetime
from importlib.metadata import version
from pathlib import Path

from django_peer import DjangoAppointment
from report import print_report
from rounds import Rounds
from times import ZONE, Calendar
from veldwerk import Veldwerk


def main() -> int:
    """Runs the comparison; 1 when a system did not do what it said."""
    options = _options()
    # Whoever ends the comparison ends both servers with it.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    folder: Path = options.work / "run"
    shutil.rmtree(folder, ignore_errors=True)
    now = datetime.now(ZONE)
    calendar = Calendar(now.date())
    veldwerk = Veldwerk(options.program.resolve(), folder / "veldwerk", calendar)
    peer = DjangoAppointment(folder / "peer", calendar)
    rounds = Rounds(veldwerk, peer, calendar, folder)
    try:
        veldwerk.start()
        peer.start()
        rounds.warm_up()
        for number in range(options.rounds):
            print(f"round {number + 1} of {options.rounds}", file=sys.stderr)
            rounds.play(number, options.seconds)
    except BaseException:
        print(f"what both servers said lies in {folder}", file=sys.stderr)
        raise
    finally:
        veldwerk.server.stop()
        peer.server.stop()
    _introduce(options, now)
    print_report(rounds.results)
    shutil.rmtree(folder)
    return 1 if rounds.results.faults else 0


def _introduce(options: argparse.Namespace, now: datetime) -> None:
    print(f"{now:%Y-%m-%d %H:%M}, {os.cpu_count()} cores, {platform.system()} {platform.release()}")
    print(f"rounds: {options.rounds}, {options.seconds:g} s for each load in a round; the systems take turns in going first")
    print(f"Veldwerk: {options.program.name}, SQLite, synchronous=FULL, letters into files")
    packages = ", ".join(f"{name} {version(name)}" for name in ("django-appointment", "Django", "gunicorn"))
    print(f"Peer: {packages}, SQLite (WAL), synchronous=NORMAL, letters dropped")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="run.sh", description=__doc__)
    program = Path("target/release/veldwerk")
    parser.add_argument("--program", type=Path, default=program, help="Veldwerk, a release build")
    parser.add_argument("--seconds", type=float, default=5.0, help="how long each load lasts")
    parser.add_argument("--rounds", type=int, default=3, help="how many rounds are played")
    parser.add_argument("--work", type=Path, required=True, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if not options.program.is_file():
        parser.error(f"{options.program} is not there: `cargo build --release` makes it, or name it with --program")
    if options.seconds <= 0 or options.rounds < 1:
        parser.error("--seconds must be more than 0 and --rounds at least 1")
    return options


if __name__ == "__main__":
    sys.exit(main())
