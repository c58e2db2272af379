"""The program under test as an operator has it: a binary, settings in the environment, a directory."""

import os
import signal
import socket
import subprocess
from pathlib import Path

from client import Client, Gone
from waiting import until

RESEARCHER = "researcher@example.org"
START_SECONDS = 30
END_SECONDS = 20


class Program:
    """An installation in a directory, with at most one server running."""

    def __init__(self, binary: Path, home: Path, database: str | None = None, **settings: str) -> None:
        self.binary = binary
        self.home = home
        self.port = free_port()
        self.database = home / "veldwerk.db"
        self.token: str | None = None
        self.server: subprocess.Popen[bytes] | None = None
        self._environment = {
            **os.environ,
            "DATABASE_URL": database or f"sqlite:{self.database}",
            "VELDWERK_PORT": str(self.port),
            "VELDWERK_DATA_DIR": str(home / "data"),
            "VELDWERK_SECRET_KEY": "only for the fault tests, thirty-two characters",
            "VELDWERK_MAIL_FROM": "Interviews <interviews@example.org>",
            "VELDWERK_MAIL_RETRY_SECONDS": "1",
            **settings,
        }

    def settle(self) -> None:
        """Makes the first researcher and a token for the API."""
        home = ["user", "add", "--email", RESEARCHER, "--name", "A. Researcher"]
        self.command(home, "a long enough password\n").check_returncode()
        made = self.command(["token", "create", "--email", RESEARCHER, "--label", "faults"])
        made.check_returncode()
        self.token = made.stdout.strip()

    def command(
        self, arguments: list[str], said: str = "", database: Path | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Runs a subcommand, on another database file if one is given."""
        environment = dict(self._environment)
        if database is not None:
            environment["DATABASE_URL"] = f"sqlite:{database}"
        command = [str(self.binary), *arguments]
        return subprocess.run(
            command, input=said, env=environment, capture_output=True, text=True, timeout=60, check=False
        )

    def start(self, under: list[str] | None = None) -> None:
        """Starts the server, `under` another command if one is given, and waits until it is ready."""
        log = (self.home / "log").open("ab")
        self.server = subprocess.Popen(
            [*(under or []), str(self.binary), "serve"],
            stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=self._environment,
        )
        log.close()
        until("the server is ready", self.answers, START_SECONDS)

    def answers(self) -> bool:
        if self.server is None or self.server.poll() is not None:
            raise AssertionError(f"the server ended; see the end of its log: {self.log_tail()}")
        try:
            return self.visitor().get("/health/live").status == 200
        except Gone:
            return False

    def log_tail(self) -> str:
        return (self.home / "log").read_text(errors="replace")[-600:]

    def kill(self) -> None:
        """Ends the server as a crash does: with no moment to do anything."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """Asks the server to end."""
        self._end(signal.SIGTERM)

    def _end(self, how: signal.Signals) -> None:
        if self.server is None:
            return
        self.server.send_signal(how)
        try:
            self.server.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            self.server.kill()
            self.server.wait(END_SECONDS)
        self.server = None

    def researcher(self) -> Client:
        return Client(self.port, self.token)

    def visitor(self) -> Client:
        return Client(self.port)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
