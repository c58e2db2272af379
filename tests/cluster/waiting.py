"""Waits for a condition with a deadline, and finds free ports: what every part of these scripts needs of time."""

import socket
import time
from collections.abc import Callable
from typing import TypeVar

Found = TypeVar("Found")


class TooLong(Exception):
    """A condition was not met in time."""


def wait_for(what: str, seconds: float, condition: Callable[[], Found], pause: float = 0.05) -> Found:
    """Asks until the answer is true, and gives it."""
    deadline = time.monotonic() + seconds
    while True:
        found = condition()
        if found:
            return found
        if time.monotonic() > deadline:
            raise TooLong(f"{what}: not within {seconds:.0f} s")
        time.sleep(pause)


def free_ports(count: int) -> list[int]:
    """Ports of this machine that nobody listens on; held all at once, so that no two are the same."""
    held = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [one.getsockname()[1] for one in held]
    for one in held:
        one.close()
    return ports
