"""Kills the primary database under load, promotes its standby, and looks for what was acknowledged.

    python3 failover.py --program PATH

PATH is a built veldwerk. From installed PostgreSQL binaries this starts a primary and a standby that it waits for, and
two veldwerk servers that know both by one address; clients consent and book at both servers. Then every process of the
primary is killed at once and the standby becomes the primary.

The standby is waited for with `synchronous_commit = on`: a commit is answered when the standby has it on its disk, and
a promotion replays all that is there. `remote_apply` would wait until the standby shows it too, which helps only those
who read from a standby, and veldwerk never does.

The controls: the copying stalls before the kill. With a standby that is waited for, nothing is acknowledged from then
on; with one that is not, acknowledged rows must be missing, or this script could not see a loss.
"""

import argparse
import pathlib
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from claims import Claims, lacking
from fieldwork import Study, invite, make_study
from load import Ledger, Load
from mail_sink import Mail, MailSink, copies
from postgres import Cluster
from veldwerk import Server
from waiting import TooLong, free_ports, wait_for

RESPONDENTS = 500
# People who are invited while the database changes, so that letters are being written and sent all the time.
BYSTANDERS = 600
CLIENTS = 8
# Acknowledged writes before the kill, and at each server after the promotion.
BEFORE, AFTER = 300, 80


class House:
    """A primary, a standby, two servers and a mail server, in a directory of their own."""

    def __init__(self, program: pathlib.Path, home: pathlib.Path, waited_for: bool) -> None:
        ports = free_ports(5)
        self.primary = Cluster("primary", home, ports[0])
        self.standby = Cluster("standby", home, ports[1])
        self.sink = MailSink([ports[4]], seconds_a_letter=0.01)
        # After two seconds without an answer the other host is tried; a peer that vanished without a word is given up
        # after ten. `target_session_attrs` passes over whichever of the two takes no writes.
        database = (
            f"postgres://veldwerk@127.0.0.1:{ports[0]},127.0.0.1:{ports[1]}/veldwerk?target_session_attrs=read-write"
            "&connect_timeout=2&keepalives_idle=5&keepalives_interval=2&keepalives_count=3&tcp_user_timeout=10000"
        )
        self.servers = [Server(program, home, port, database, ports[4]) for port in ports[2:4]]
        self.waited_for = waited_for

    def open(self, respondents: int, bystanders: int = 0) -> Study:
        """Starts everything and makes a study."""
        self.primary.initialise()
        self.primary.start()
        self.primary.create_database()
        self.standby.follow(self.primary)
        self.standby.start()
        if self.waited_for:
            self.primary.wait_for_copies("standby")
        for server in self.servers:
            server.start()
            server.wait_until_ready()
        return make_study(self.servers[0], respondents, bystanders)

    def close(self) -> None:
        """Ends whatever still runs."""
        for server in self.servers:
            server.kill()
        self.standby.kill()
        self.primary.kill()
        self.sink.close()


@contextmanager
def house(program: pathlib.Path, waited_for: bool) -> Iterator[House]:
    """A house that is cleared away afterwards, and kept where something went wrong."""
    home = pathlib.Path(tempfile.mkdtemp(prefix="vw-", dir="/tmp"))
    one = House(program, home, waited_for)
    if one.primary.user is not None:
        shutil.chown(home, one.primary.user)
    try:
        try:
            yield one
        finally:
            one.close()
    except BaseException:
        print(f"the logs are in {home}", file=sys.stderr)
        raise
    shutil.rmtree(home)


def head_of_log(cluster: Cluster) -> str:
    """The newest sealed row of the log of changes, as an operator notes it."""
    question = "SELECT position || ':' || hash FROM audit WHERE position IS NOT NULL ORDER BY position DESC LIMIT 1"
    return wait_for("the log is sealed", 10, lambda: cluster.query(question))[0][0]


def fail_over(house: House) -> float:
    """Kills the primary and promotes the standby; answers the moment of the kill."""
    killed = time.monotonic()
    house.primary.kill()
    house.standby.promote()
    return killed


def missing(ledger: Ledger, cluster: Cluster) -> tuple[set[str], set[str]]:
    """The acknowledged consents and bookings that the database does not have just so."""
    consents = {tuple(row) for row in cluster.query("SELECT respondent, sha256 FROM consents")}
    booked = cluster.query(
        "SELECT id, respondent, to_char(to_timestamp(starts_at) AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"') "
        "FROM interviews WHERE status = 'booked'"
    )
    bookings = {row[0]: (row[1], row[2]) for row in booked}
    lost_consents = {who for who, digest in ledger.consents.items() if (who, digest) not in consents}
    lost_bookings = {id for id, told in ledger.bookings.items() if bookings.get(id) != told}
    return lost_consents, lost_bookings


def double_booked(cluster: Cluster) -> int:
    """How many pairs of planned interviews share time, or a person."""
    pairs = (
        "SELECT count(*) FROM interviews a JOIN interviews b ON a.id < b.id AND a.status = 'booked' "
        "AND b.status = 'booked' AND (a.respondent = b.respondent OR (a.interviewer = b.interviewer "
        "AND a.starts_at < b.ends_at AND b.starts_at < a.ends_at))"
    )
    return int(cluster.query(pairs)[0][0])


@dataclass(frozen=True)
class Post:
    """What the outbox says, beside what the mail server got."""

    waiting: int
    # Kind and reason of each letter that is given up.
    failed: list[str]
    # How many count as sent and never came.
    unseen: int
    # Whom a letter of which kind has reached.
    reached: set[tuple[str, str]]


def look_at_post(cluster: Cluster, mails: list[Mail]) -> Post:
    """Compares the outbox with the letters that came."""
    rows = cluster.query("SELECT state, respondent, kind, message_id, last_error FROM letters")
    came = b"".join(mail.message_id for mail in mails).decode()
    sent = [row for row in rows if row[0] == "sent"]
    return Post(
        waiting=sum(row[0] == "queued" for row in rows),
        failed=[f"{row[2]} ({row[4]})" for row in rows if row[0] == "failed"],
        unseen=sum(row[3] not in came for row in sent),
        reached={(row[1], row[2]) for row in sent if row[3] in came},
    )


def claim_letters(claims: Claims, house: House, ledger: Ledger, invited: int) -> None:
    """What was acknowledged must have reached its person by mail, and what counts as sent must have come."""
    began = time.monotonic()
    left = "SELECT count(*) FROM letters WHERE state = 'queued'"
    try:
        wait_for("the outbox is empty", 45, lambda: house.standby.query(left) == [["0"]], pause=0.5)
    except TooLong:
        # Said below.
        pass
    mails = house.sink.taken()
    post = look_at_post(house.standby, mails)
    due = [(who, "consent_receipt") for who in ledger.consents]
    due += [(who, "confirmation") for who, _ in ledger.bookings.values()]
    short = sum(letter not in post.reached for letter in due)
    claims.claim(
        not (short or post.waiting or post.failed or post.unseen),
        "no letter was lost",
        f"{len(mails)} came, {invited} people were invited; of {len(due)} receipts and confirmations {short} are "
        f"missing, {post.unseen} count as sent and never came, {post.waiting} wait {time.monotonic() - began:.0f} s "
        f"after the load, {len(post.failed)} failed{': ' if post.failed else ''}{', '.join(post.failed)}",
    )
    again, unlike = copies(mails)
    told = f"{again} came again, {unlike} of them changed"
    claims.claim(unlike == 0, "a letter that came again is the same to the byte", told)


def claim_return(claims: Claims, house: House, ledger: Ledger, killed: float, promoted: float) -> None:
    """Both servers must go on by themselves."""
    for server in house.servers:
        seconds = ledger.first_since(killed, server.port)
        claims.claim(
            seconds < 30 and server.is_ready(),
            f"the server on port {server.port} went on by itself",
            f"first success {seconds:.1f} s after the kill, {seconds - (promoted - killed):.1f} s after the promotion",
        )
    told = ", ".join(f"{number} x {what}" for what, number in sorted(ledger.trouble.items()))
    claims.note(f"on the way clients met: {told or 'nothing'}; {ledger.replayed} writes had been made when asked again")


def scenario_kept(claims: Claims, program: pathlib.Path, seed: int) -> None:
    """The primary dies under full load, with a standby that is waited for."""
    with house(program, waited_for=True) as one:
        study = one.open(RESPONDENTS, BYSTANDERS)
        load = Load(study, [server.port for server in one.servers], CLIENTS, seed)
        invited = invite(one.servers[0], study)
        load.start()
        wait_for("the load is under way", 60, lambda: load.ledger.acknowledged() >= BEFORE)
        head = head_of_log(one.primary)
        before = load.ledger.acknowledged()
        killed = fail_over(one)
        promoted = time.monotonic()
        for server in one.servers:
            wait_for("writes go on", 60, lambda: load.is_over() or load.ledger.since(promoted, server.port) >= AFTER)
        load.stop()
        ledger = load.ledger
        consents, bookings = missing(ledger, one.standby)
        claims.claim(
            not consents and not bookings and before >= BEFORE,
            "every acknowledged consent and booking is in the promoted database",
            f"{len(ledger.consents)} consents and {len(ledger.bookings)} bookings, {before} of both before the kill; "
            f"{len(consents)} and {len(bookings)} are missing",
        )
        pairs = double_booked(one.standby)
        claims.claim(
            pairs == 0 and ledger.refused_slots > 0,
            "nobody is double-booked",
            f"{pairs} pairs share time or a person; {ledger.refused_slots} wishes met a taken time",
        )
        claim_return(claims, one, ledger, killed, promoted)
        claim_letters(claims, one, ledger, invited)
        status, said = one.servers[0].command("verify", "audit", "--head", head)
        told = said.replace("\n", ", ")
        claims.claim(status == 0, "the log of changes is whole, with the head noted before the kill", told)


def stalled(program: pathlib.Path, waited_for: bool, seed: int) -> tuple[int, int, bool]:
    """The copying stalls, then the primary dies. Answers how much was acknowledged in between and how much of all is
    missing, and whether the log's head from just before the kill is found."""
    with house(program, waited_for) as one:
        study = one.open(RESPONDENTS // 3)
        load = Load(study, [server.port for server in one.servers], CLIENTS, seed)
        load.start()
        wait_for("the load is under way", 60, lambda: load.ledger.acknowledged() >= BEFORE // 6)
        one.primary.stall_the_copying()
        stall = time.monotonic()

        def acknowledged() -> int:
            return sum(load.ledger.since(stall, server.port) for server in one.servers)

        try:
            wait_for("writes during the stall", 3, lambda: acknowledged() >= 40)
            head = wait_for("the log is sealed", 10, lambda: newer_head(one), pause=0.5)
        except TooLong:
            head = ""
        between = acknowledged()
        fail_over(one)
        # At once, so that little is made anew where rows are looked for that are gone.
        load.stop()
        consents, bookings = missing(load.ledger, one.standby)
        status = one.servers[0].command("verify", "audit", *(["--head", head] if head else []))[0]
        return between, len(consents) + len(bookings), status == 0


def newer_head(house: House) -> str:
    """The head of the log once it is one that the standby has not seen."""
    head, seen = head_of_log(house.primary), head_of_log(house.standby)
    return head if head != seen else ""


def main() -> int:
    """Runs all scenarios."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", type=pathlib.Path, required=True, help="a built veldwerk")
    parser.add_argument("--seed", type=int, default=1, help="decides which times are wished for")
    given = parser.parse_args()
    if not given.program.is_file():
        raise lacking(f"{given.program} is no program")
    program = given.program.resolve()
    claims = Claims()
    claims.note(f"seed {given.seed}")
    scenario_kept(claims, program, given.seed)
    between, lost, whole = stalled(program, True, given.seed)
    claims.claim(
        between == 0 and lost == 0 and whole,
        "while the standby does not answer nothing is acknowledged, and nothing is lost",
        f"{between} acknowledged in the stall, {lost} missing",
    )
    between, lost, whole = stalled(program, False, given.seed)
    claims.claim(
        lost > 0 and not whole,
        "control: with a standby that is not waited for, a loss is seen, and the log's noted head is missed",
        f"{between} acknowledged in the stall, {lost} missing, the noted head is {'found' if whole else 'not found'}",
    )
    return claims.end()


if __name__ == "__main__":
    sys.exit(main())
