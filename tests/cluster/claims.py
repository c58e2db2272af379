"""Says what was found, one line for each claim, and remembers whether all of them held."""

import sys
import time


class Claims:
    """The claims of one run."""

    def __init__(self) -> None:
        self.began = time.monotonic()
        self.broken = 0

    def claim(self, holds: bool, sentence: str, figures: str = "") -> None:
        """Prints one claim with the figures that it rests on."""
        self.broken += not holds
        print(f"{'holds' if holds else 'FAILS'}  {sentence}" + (f": {figures}" if figures else ""), flush=True)

    def note(self, sentence: str) -> None:
        """Prints what is no claim."""
        print(f"       {sentence}", flush=True)

    def end(self) -> int:
        """The exit status."""
        seconds = time.monotonic() - self.began
        verdict = "all claims hold" if self.broken == 0 else f"{self.broken} claims fail"
        print(f"{verdict}, after {seconds:.0f} s", flush=True)
        return min(self.broken, 1)


def lacking(sentence: str) -> "SystemExit":
    """What ends a script that can't run here; to be raised."""
    print(f"cannot run: {sentence}", file=sys.stderr)
    return SystemExit(2)
