"""PostgreSQL servers of our own, made from installed binaries: a primary, a standby that follows it, and their ends.

PostgreSQL refuses to run as root, so root lends it the user of somebody humbler.
"""

import os
import pathlib
import pwd
import shutil
import signal
import subprocess

from claims import lacking
from waiting import wait_for

# As on a server that is meant to keep what it acknowledged; only the size is that of a test.
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "max_connections": "100",
    "shared_buffers": "64MB",
    "fsync": "on",
    "full_page_writes": "on",
    "synchronous_commit": "on",
    "wal_level": "replica",
    "max_wal_senders": "4",
    "hot_standby": "on",
}


def find_binaries() -> pathlib.Path:
    """Where the programs of the newest installed PostgreSQL are."""
    versions = pathlib.Path("/usr/lib/postgresql").glob("*/bin/initdb")
    newest = sorted(versions, key=lambda path: int(path.parts[-3]))[-1:]
    told = shutil.which("initdb")
    if not newest and told is None:
        raise lacking("no installed PostgreSQL was found (initdb, pg_ctl, pg_basebackup, psql)")
    return newest[0].parent if newest else pathlib.Path(str(told)).parent


def humbler_user() -> str | None:
    """Who runs PostgreSQL where this script runs as root."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    user = next((name for name in ("postgres", "nobody") if name in known), None)
    if user is None:
        raise lacking("root runs this script, and there is no user postgres or nobody to run PostgreSQL")
    return user


class Cluster:
    """One PostgreSQL server in a directory of its own, listening on the loopback address only."""

    def __init__(self, name: str, home: pathlib.Path, port: int) -> None:
        self.name = name
        self.data = home / name
        self.log = home / f"{name}.log"
        self.home = home
        self.port = port
        self.binaries = find_binaries()
        self.user = humbler_user()
        self.frozen: list[int] = []

    def run(self, program: str, *arguments: str, seconds: float = 60) -> str:
        """Runs one of PostgreSQL's own programs; its output goes to a file, since a server would hold a pipe open."""
        said = self.home / f"{self.name}.said"
        command = [str(self.binaries / program), *arguments]
        with said.open("w") as out:
            done = subprocess.run(
                command, stdin=subprocess.DEVNULL, stdout=out, stderr=out, timeout=seconds, cwd="/", user=self.user
            )
        text = said.read_text()
        if done.returncode != 0:
            raise RuntimeError(f"{program} of {self.name} failed: {text}")
        return text

    def initialise(self) -> None:
        """Makes an empty server."""
        self.run("initdb", "-A", "trust", "-U", "veldwerk", "-E", "UTF8", "--locale=C", "-D", str(self.data))

    def follow(self, primary: "Cluster") -> None:
        """Makes this a copy of a running primary that goes on following it."""
        source = f"host=127.0.0.1 port={primary.port} user=veldwerk application_name={self.name}"
        self.run("pg_basebackup", "-D", str(self.data), "-d", source, "-R", "-X", "stream", "-c", "fast")

    def start(self) -> None:
        """Starts the server and waits until it takes connections."""
        settings = SETTINGS | {"port": str(self.port), "unix_socket_directories": str(self.home)}
        options = " ".join(f"-c {key}={value}" for key, value in settings.items())
        self.run("pg_ctl", "-w", "-D", str(self.data), "-l", str(self.log), "-o", options, "start")

    def create_database(self) -> None:
        """Makes the database that is served."""
        self.run("createdb", "-h", "127.0.0.1", "-p", str(self.port), "-U", "veldwerk", "veldwerk")

    def query(self, sql: str, database: str = "veldwerk") -> list[list[str]]:
        """The rows of a question."""
        address = f"host=127.0.0.1 port={self.port} user=veldwerk dbname={database} connect_timeout=5"
        command = [str(self.binaries / "psql"), "-XAtq", "-F", "\t", "-v", "ON_ERROR_STOP=1", "-d", address, "-c", sql]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, cwd="/")
        if done.returncode != 0:
            raise RuntimeError(f"{sql}: {done.stderr}")
        return [line.split("\t") for line in done.stdout.splitlines()]

    def wait_for_copies(self, standby: str) -> None:
        """Makes every commit wait until the standby has it on its disk, and waits until that is so."""
        self.query(f"ALTER SYSTEM SET synchronous_standby_names = 'FIRST 1 ({standby})'", "postgres")
        self.query("SELECT pg_reload_conf()", "postgres")
        wait_for("the standby is synchronous", 20, lambda: self.standby_state() == "sync")

    def standby_state(self) -> str:
        """How the first standby follows: `sync`, `async`, or nothing where none does."""
        return next(iter(self.query("SELECT sync_state FROM pg_stat_replication", "postgres")), [""])[0]

    def promote(self) -> None:
        """Makes a standby the primary; it does not wait for copies that nobody makes."""
        self.run("pg_ctl", "-w", "-D", str(self.data), "promote")

    def stall_the_copying(self) -> None:
        """Freezes whatever sends to standbys, as a network does that has stopped carrying. A standby notices after
        `wal_receiver_timeout`, a minute."""
        senders = self.query("SELECT pid FROM pg_stat_replication", "postgres")
        self.frozen = [int(row[0]) for row in senders]
        for pid in self.frozen:
            os.kill(pid, signal.SIGSTOP)

    def kill(self) -> int:
        """Kills every process of this server at once, as a power cut does; answers how many there were."""
        postmaster = self.postmaster()
        if postmaster is None:
            return 0
        # The postmaster first: it must not clean up behind its children.
        family = [postmaster, *children_of(postmaster)]
        for pid in family:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        wait_for(f"{self.name} is gone", 10, lambda: not any(is_alive(pid) for pid in family), pause=0.01)
        return len(family)

    def postmaster(self) -> int | None:
        """The first process of this server, if it runs."""
        try:
            pid = int((self.data / "postmaster.pid").read_text().split()[0])
        except (FileNotFoundError, IndexError):
            return None
        return pid if is_alive(pid) else None


def children_of(parent: int) -> list[int]:
    """The processes that a process has started."""
    return [int(pid) for pid in pathlib.Path(f"/proc/{parent}/task/{parent}/children").read_text().split()]


def is_alive(pid: int) -> bool:
    """Whether a process runs; one that has ended and waits to be noticed does not."""
    try:
        state = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"
