"""A PostgreSQL server of our own, from installed binaries, which can be killed and started again.

It syncs as it does by default: without that there would be nothing to see.
"""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from waiting import until

FIELDS, RECORDS = "\x1f", "\x1e"


class Cluster:
    def __init__(self) -> None:
        self._bin = _binaries()
        self._as = _humbler_user()
        # Not in the home of a run: the path of a socket must be short, and another user must get there.
        self._home = Path(tempfile.mkdtemp(prefix="veldwerk-pg-", dir="/tmp"))
        if self._as:
            shutil.chown(self._home, self._as["user"], self._as["group"])
        self._run("initdb", "-A", "trust", "-U", "veldwerk", "-E", "UTF8", "--locale=C", "-D", str(self._data))

    @property
    def _data(self) -> Path:
        return self._home / "data"

    def start(self, **settings: str) -> None:
        options = [f"-c {name}={value}" for name, value in settings.items()]
        options += [f"-k {self._home}", "-c listen_addresses=", "-c max_connections=60"]
        log = str(self._home / "log")
        self._run("pg_ctl", "-w", "-D", str(self._data), "-l", log, "-o", " ".join(options), "start")

    def create(self, name: str) -> str:
        """A new database; answers its address."""
        self._run("createdb", "-h", str(self._home), "-U", "veldwerk", name)
        return f"postgres:///{name}?host={self._home}&user=veldwerk"

    def rows(self, address: str, question: str) -> list[tuple[str, ...]]:
        said = self._run("psql", "-X", "-A", "-t", "-F", FIELDS, "-R", RECORDS, "-d", address, "-c", question)
        return [tuple(record.split(FIELDS)) for record in said.strip("\n").split(RECORDS) if record]

    def hold_log_writer(self, address: str) -> None:
        """Stops the process that writes the log behind the commits that did not wait for it."""
        found = self.rows(address, "SELECT pid FROM pg_stat_activity WHERE backend_type = 'walwriter'")
        os.kill(int(found[0][0]), signal.SIGSTOP)

    def kill(self) -> None:
        """Ends all its processes at once, as the end of their machine does, but for what the system still keeps."""
        first = int((self._data / "postmaster.pid").read_text().splitlines()[0])
        children = Path(f"/proc/{first}/task/{first}/children").read_text().split()
        for process in [first, *map(int, children)]:
            try:
                os.kill(process, signal.SIGKILL)
            except ProcessLookupError:
                continue
        until("PostgreSQL is dead", lambda: not any(map(_lives, [first, *map(int, children)])), 20)
        # A process that nobody has waited for yet still has its number, and would be taken for a server that runs.
        for lock in (self._data / "postmaster.pid", self._home / ".s.PGSQL.5432.lock"):
            lock.unlink(missing_ok=True)

    def remove(self) -> None:
        stop = [str(self._bin / "pg_ctl"), "-D", str(self._data), "-m", "immediate", "stop"]
        subprocess.run(stop, capture_output=True, timeout=60, check=False, cwd="/", **self._as)
        shutil.rmtree(self._home, ignore_errors=True)

    def _run(self, program: str, *arguments: str) -> str:
        """Runs one of its programs. What it says goes to a file: a server that it leaves behind would keep a pipe open."""
        with tempfile.TemporaryFile() as said:
            command = [str(self._bin / program), *arguments]
            done = subprocess.run(
                command, stdin=subprocess.DEVNULL, stdout=said, stderr=subprocess.STDOUT, timeout=90, check=False,
                cwd="/", **self._as,
            )
            said.seek(0)
            text = said.read().decode(errors="replace")
        if done.returncode:
            raise RuntimeError(f"{program}: {text[-400:]}")
        return text


def _lives(process: int) -> bool:
    """Whether a process is more than an entry that its parent has not looked at yet."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def _binaries() -> Path:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if found:
        return found[-1].parent
    told = shutil.which("initdb")
    if told is None:
        raise RuntimeError("the binaries of PostgreSQL are missing (initdb, pg_ctl, psql)")
    return Path(told).parent


def _humbler_user() -> dict[str, Any]:
    """PostgreSQL refuses to run as root, so root lends it the user and group of somebody humbler."""
    if os.geteuid() != 0:
        return {}
    names = {entry.pw_name for entry in pwd.getpwall()}
    user = "postgres" if "postgres" in names else "nobody"
    return {"user": user, "group": pwd.getpwnam(user).pw_gid, "extra_groups": []}
