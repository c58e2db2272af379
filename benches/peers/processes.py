"""A server under measure: started, awaited, accounted for with all its processes, and stopped."""

import os
import socket
import subprocess
import time
from http.client import HTTPConnection
from pathlib import Path

from wire import HOST

_TICKS = os.sysconf("SC_CLK_TCK")
_READY_WITHIN = 60.0
_STOPPED_WITHIN = 20.0


class Server:
    """A program that listens on a port of this machine."""

    def __init__(self, name: str, folder: Path) -> None:
        self.name, self.folder, self.port = name, folder, _free_port()
        self.log = folder / "server.log"
        self._process: subprocess.Popen[bytes] | None = None
        folder.mkdir(parents=True)

    def start(self, command: list[str], environment: dict[str, str], asked: str) -> None:
        """Starts it and waits until `asked` is answered."""
        with self.log.open("wb") as log:
            self._process = subprocess.Popen(
                command, env=environment, cwd=self.folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )
        deadline = time.monotonic() + _READY_WITHIN
        while not self._answers(asked):
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"{self.name} does not serve; its log: {self._last_words()}")
            time.sleep(0.05)

    def stop(self) -> None:
        """Asks it to end, and insists after a while."""
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(_STOPPED_WITHIN)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def cpu_seconds(self) -> float:
        """Processor time of all its processes so far, those that have ended included."""
        ticks = sum(sum(map(int, _stat(pid)[11:15])) for pid in self._family())
        return ticks / _TICKS

    def memory(self) -> int:
        """Proportional memory of all its processes, in bytes."""
        return sum(_proportional(pid) for pid in self._family())

    def _family(self) -> list[int]:
        """The process and all that descend from it."""
        if self._process is None:
            return []
        children: dict[int, list[int]] = {}
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit() and (stat := _stat(int(entry.name))):
                children.setdefault(int(stat[1]), []).append(int(entry.name))
        family = [self._process.pid]
        for pid in family:
            family.extend(children.get(pid, []))
        return family

    def _answers(self, path: str) -> bool:
        connection = HTTPConnection(HOST, self.port, timeout=10)
        try:
            connection.request("GET", path)
            return connection.getresponse().status < 500
        except OSError:
            return False
        finally:
            connection.close()

    def _last_words(self) -> str:
        return self.log.read_text(errors="replace")[-2000:]


def bare_environment() -> dict[str, str]:
    """The environment without whatever would set up one of the two systems in another way."""
    ours = ("VELDWERK_", "ROCKET_", "DATABASE_URL", "SMTP_URL", "DJANGO_", "GUNICORN_", "EMAIL_", "PYTHONPATH")
    return {name: value for name, value in os.environ.items() if not name.startswith(ours)}


def _free_port() -> int:
    with socket.socket() as sock:
        sock.bind((HOST, 0))
        return int(sock.getsockname()[1])


def _stat(pid: int) -> list[str]:
    """The fields of /proc/PID/stat behind the name; empty when the process has gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


def _proportional(pid: int) -> int:
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) * 1024
    raise RuntimeError("/proc/PID/smaps_rollup tells no Pss")
