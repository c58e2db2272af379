"""What the machine itself does meanwhile: how fast its disk makes things durable, and how much it is busy."""

import os
import time
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")
_BLOCK = b"\0" * 4096


def syncs_per_second(folder: Path, seconds: float = 1.0) -> float:
    """Appends of 4 KiB that are made durable one by one, per second, on the disk that holds both databases."""
    path = folder / "sync-probe"
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    begun, count = time.perf_counter(), 0
    try:
        while (spent := time.perf_counter() - begun) < seconds:
            os.write(descriptor, _BLOCK)
            os.fdatasync(descriptor)
            count += 1
    finally:
        os.close(descriptor)
        path.unlink()
    return count / spent


def busy_seconds() -> float:
    """Processor time that was spent on this machine by anybody since it started."""
    user, nice, system, _, _, irq, softirq, steal = map(int, Path("/proc/stat").read_text().split()[1:9])
    return (user + nice + system + irq + softirq + steal) / _TICKS
