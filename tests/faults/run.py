"""Runs the faults that nothing may be lost over, each with its controls, against a built program.

    python3 tests/faults/run.py --program target/debug/veldwerk [--only NAME] [--seed N] [--keep]

Prints one line per fault and per control; ends with status 1 if a fault is not survived or a control stays green.
Needs Python 3.11, strace for the faults of the disk, and the binaries of PostgreSQL for those of its server.
"""

import argparse
import shutil
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path

import bad_disk
import beside
import killed
import one_key
import outbox
import postgres
import power_cut
from verdict import Verdict

Fault = Callable[[Path, Path, int], Iterator[Verdict]]

FAULTS: dict[str, Fault] = {
    "killed": killed.run,
    "beside": beside.run,
    "power-cut": power_cut.run,
    "bad-disk": bad_disk.run,
    "outbox": outbox.run,
    "one-key": one_key.run,
    "postgres": postgres.run,
}


def main() -> int:
    options = read_options()
    chosen = [options.only] if options.only else list(FAULTS)
    print(f"seed {options.seed}", flush=True)
    verdicts: list[Verdict] = []
    for name in chosen:
        verdicts += judge(name, options)
    print("\nin short:")
    for verdict in verdicts:
        print(verdict)
    failed = [verdict for verdict in verdicts if not verdict.holds]
    print(f"{len(verdicts) - len(failed)} of {len(verdicts)} hold")
    return 1 if failed else 0


def read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", type=Path, required=True, help="the built program")
    parser.add_argument("--only", choices=FAULTS, help="one fault alone")
    parser.add_argument("--seed", type=int, default=int(time.time()), help="for the same random choices again")
    parser.add_argument("--keep", action="store_true", help="leave the directories of the runs")
    options = parser.parse_args()
    options.program = options.program.resolve()
    return options


def judge(name: str, options: argparse.Namespace) -> list[Verdict]:
    """Runs one fault. A control that was not hit, or a test that came to no end, says nothing of the program and is tried
    once more with other chances; a fault that was not survived is never tried again."""
    verdicts = observe(name, options)
    failed = {verdict.kind for verdict in verdicts if not verdict.holds}
    if not failed or "fault" in failed:
        return verdicts
    print(f"{name} has shown nothing; once more", flush=True)
    options.seed += 1
    return observe(name, options)


def observe(name: str, options: argparse.Namespace) -> list[Verdict]:
    """Runs one fault in a directory of its own. What goes wrong in the test itself fails it too."""
    home = Path(tempfile.mkdtemp(prefix=f"veldwerk-fault-{name}-"))
    began = time.monotonic()
    verdicts = []
    try:
        for verdict in FAULTS[name](options.program, home, options.seed):
            verdicts.append(verdict)
            print(verdict, flush=True)
    except Exception as error:  # noqa: BLE001 - one fault that can't be run must not hide the others
        verdicts.append(Verdict("test", name, False, f"could not be run to its end: {error!r}"))
        print(verdicts[-1], flush=True)
        traceback.print_exc()
    finally:
        if options.keep:
            print(f"{name} is kept in {home}")
        else:
            shutil.rmtree(home, ignore_errors=True)
    print(f"{name} took {time.monotonic() - began:.0f} s", flush=True)
    return verdicts


if __name__ == "__main__":
    sys.exit(main())
