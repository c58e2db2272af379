"""Veldwerk as an operator runs it: a process with an environment, and commands beside it."""

import os
import pathlib
import signal
import subprocess
import time

from http_call import Answer, Lost, Refused, call
from waiting import wait_for

SECRET = "a secret of thirty-two characters or more"


class Server:
    """One process that serves."""

    def __init__(self, program: pathlib.Path, home: pathlib.Path, port: int, database: str, mail: int) -> None:
        self.program = program
        self.port = port
        self.log = home / f"server-{port}.log"
        self.process: subprocess.Popen[bytes] | None = None
        self.environment = os.environ | {
            "DATABASE_URL": database,
            "VELDWERK_PORT": str(port),
            "VELDWERK_BASE_URL": "http://localhost:8000",
            "VELDWERK_DATA_DIR": str(home / f"data-{port}"),
            "VELDWERK_SECRET_KEY": SECRET,
            "VELDWERK_MAIL_FROM": "Fieldwork <fieldwork@veldwerk.example>",
            "SMTP_URL": f"smtp://127.0.0.1:{mail}",
        }

    def start(self) -> None:
        """Starts it, without waiting."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [str(self.program), "serve"], env=self.environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )

    def wait_until_ready(self, seconds: float = 60) -> float:
        """Waits until it says that it can serve; answers how long that took."""
        began = time.monotonic()
        wait_for(f"the server on port {self.port} is ready (see {self.log})", seconds, self.is_ready)
        return time.monotonic() - began

    def is_ready(self) -> bool:
        """Whether it says that it can serve."""
        if self.process is not None and self.process.poll() is not None:
            raise RuntimeError(f"the server on port {self.port} ended: {self.log.read_text()[-2000:]}")
        try:
            return self.call("GET", "/health/ready").status == 200
        except (Lost, Refused):
            return False

    def call(self, method: str, path: str, body: object = None, headers: dict[str, str] | None = None) -> Answer:
        """Asks this server."""
        return call(self.port, method, path, body, headers)

    def stop(self, seconds: float = 15) -> float:
        """Asks it to end, and waits; answers how long that took."""
        return self.end(signal.SIGTERM, seconds)

    def kill(self) -> float:
        """Ends it without a word."""
        return self.end(signal.SIGKILL, 5)

    def end(self, how: signal.Signals, seconds: float) -> float:
        """Ends it; a server that does not obey in time is an error."""
        if self.process is None:
            return 0.0
        began = time.monotonic()
        self.process.send_signal(how)
        self.process.wait(timeout=seconds)
        self.process = None
        return time.monotonic() - began

    def command(self, *arguments: str, typed: str = "") -> tuple[int, str]:
        """Runs a command beside the server; answers its exit status and what it says."""
        command = [str(self.program), *arguments]
        done = subprocess.run(command, env=self.environment, input=typed, capture_output=True, text=True, timeout=60)
        return done.returncode, done.stdout.strip() or done.stderr.strip()
