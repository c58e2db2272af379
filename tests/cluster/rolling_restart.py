"""Restarts the servers of one database one after the other under load, and looks at what they share.

    python3 rolling_restart.py --program PATH

PATH is a built veldwerk. Three servers on one PostgreSQL, made from installed binaries, stand behind a forwarder that
gives them requests in turn. Sessions, delays after wrong passwords, idempotency keys and the outbox are one for all of
them; a restart by SIGTERM costs nobody a request; a server that is killed while it sends leaves its letters to others.

The control kills servers instead of stopping them: then requests must be seen to fail.
"""

import argparse
import pathlib
import shutil
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass

from claims import Claims, lacking
from fieldwork import CONSENT, EMAIL, PASSWORD, Respondent, Study, invite, made, make_study
from forwarder import Forwarder
from http_call import Answer, Lost, Refused, call
from load import Load
from mail_sink import MailSink, copies
from postgres import Cluster
from veldwerk import Server
from waiting import TooLong, free_ports, wait_for

SERVERS = 3
# Enough people for each of the three restarts under load, and some to be invited at the end.
PART = 450
RESPONDENTS = 3 * PART + 100
CLIENTS = 8
AT_ONCE = 30
# A server that died keeps its letters for so long at most (`LEASE_SECONDS` in the source, and a poll).
LEFT_WITHIN = 30


class House:
    """One database, three servers, each with a port of the mail sink of its own, and the forwarder."""

    def __init__(self, program: pathlib.Path, home: pathlib.Path) -> None:
        ports = free_ports(2 + 2 * SERVERS)
        self.cluster = Cluster("primary", home, ports[0])
        mail = ports[2 + SERVERS :]
        self.sink = MailSink(mail, seconds_a_letter=0.02)
        database = f"postgres://veldwerk@127.0.0.1:{ports[0]}/veldwerk"
        self.servers = [
            Server(program, home, port, database, to) for port, to in zip(ports[2 : 2 + SERVERS], mail, strict=True)
        ]
        self.mail_port = {server.port: to for server, to in zip(self.servers, mail, strict=True)}
        self.forwarder = Forwarder(ports[1], [server.port for server in self.servers])

    def close(self) -> None:
        """Ends whatever still runs."""
        for server in self.servers:
            server.kill()
        self.cluster.kill()
        self.sink.close()
        self.forwarder.close()

    def waiting(self) -> int:
        """How many letters have not left."""
        return int(self.cluster.query("SELECT count(*) FROM letters WHERE state = 'queued'")[0][0])


@contextmanager
def house(program: pathlib.Path) -> Iterator[House]:
    """A house that is cleared away afterwards, and kept where something went wrong."""
    home = pathlib.Path(tempfile.mkdtemp(prefix="vw-", dir="/tmp"))
    one = House(program, home)
    if one.cluster.user is not None:
        shutil.chown(home, one.cluster.user)
    try:
        try:
            yield one
        finally:
            one.close()
    except BaseException:
        print(f"the logs are in {home}", file=sys.stderr)
        raise
    shutil.rmtree(home)


def claim_start(claims: Claims, house: House) -> None:
    """Servers that begin at once on an empty database must all come up; one of them makes the tables."""
    house.cluster.initialise()
    house.cluster.start()
    house.cluster.create_database()
    for server in house.servers:
        server.start()
    ended = []
    for server in house.servers:
        try:
            server.wait_until_ready()
        except RuntimeError:
            ended.append(server.log.read_text().strip().splitlines()[-1])
            server.process = None
            server.start()
            server.wait_until_ready()
    told = f"{SERVERS - len(ended)} came up{''.join('; one ended: ' + line for line in ended)}"
    claims.claim(not ended, f"{SERVERS} servers that begin at once on an empty database come up", told)


def claim_sessions(claims: Claims, house: House) -> str:
    """Who signs in at one server is known at the others, until they sign out anywhere. Answers a cookie."""
    first, *others = house.servers

    def sign_in() -> tuple[dict[str, str], dict[str, str]]:
        answer = first.call("POST", "/api/v1/session", {"email": EMAIL, "password": PASSWORD})
        cookie = {"Cookie": answer.headers["set-cookie"].split(";")[0]}
        return cookie, cookie | {"X-CSRF-Token": answer.headers["x-csrf-token"]}

    cookie, to_change = sign_in()
    known = [server.call("GET", "/api/v1/me", None, cookie).status for server in others]
    ended = others[0].call("DELETE", "/api/v1/session", None, to_change).status
    afterwards = [server.call("GET", "/api/v1/me", None, cookie).status for server in house.servers]
    claims.claim(
        known == [200] * len(others) and ended == 204 and afterwards == [401] * SERVERS,
        "a session begun at one server holds at the others and ends for all",
        f"{known} elsewhere, {afterwards} after signing out elsewhere",
    )
    return sign_in()[0]["Cookie"]


def guess(server: Server, account: str) -> int:
    """The status of a wrong password."""
    return server.call("POST", "/api/v1/session", {"email": account, "password": "a wrong password"}).status


def claim_throttle(claims: Claims, house: House) -> None:
    """Guesses count wherever they are made, one after the other and all at once."""
    in_turn = [guess(house.servers[n % SERVERS], "in-turn@veldwerk.example") for n in range(7)]
    looked_at = in_turn.count(401)
    holds = 429 in in_turn and looked_at <= 5
    claims.claim(holds, "wrong passwords count at whichever server they are tried", str(in_turn))
    statuses = at_once(lambda n: guess(house.servers[n % SERVERS], "at-once@veldwerk.example"))
    claims.claim(
        statuses[401] <= looked_at and statuses[500] == 0,
        f"of {AT_ONCE} wrong passwords at once no more are looked at than in turn",
        f"{looked_at} in turn; at once {told(statuses)}",
    )


def at_once(ask: Callable[[int], int]) -> Counter[int]:
    """Does something many times at the same moment; answers how often each status came."""
    barrier = threading.Barrier(AT_ONCE)

    def one(number: int) -> int:
        barrier.wait(timeout=10)
        return ask(number)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return Counter(pool.map(one, range(AT_ONCE)))


def told(statuses: Counter[int]) -> str:
    """Statuses for people."""
    return ", ".join(f"{number} x {status}" for status, number in sorted(statuses.items()))


def claim_one_booking(claims: Claims, house: House, study: Study, people: list[Respondent]) -> None:
    """One key makes one booking, and one time goes to one person, whichever server is asked."""
    for who in people:
        made(house.servers[0], "POST", who.path("consent"), CONSENT, {})
    seen: list[Answer] = []

    def book(server: Server, who: Respondent, slot: int, headers: dict[str, str]) -> int:
        wish = {"starts_at": study.slot(slot), "mode": "teams"}
        answer = server.call("POST", who.path("interview"), wish, headers)
        seen.append(answer)
        return answer.status

    key = {"Idempotency-Key": "one and the same"}
    same = at_once(lambda n: book(house.servers[n % SERVERS], people[0], 5000, key))
    ids = {answer.json()["id"] for answer in seen if answer.status == 201}
    fresh = sum("idempotent-replayed" not in answer.headers for answer in seen)
    claims.claim(
        same == {201: AT_ONCE} and len(ids) == 1 and fresh == 1,
        f"{AT_ONCE} requests with one Idempotency-Key at {SERVERS} servers make one booking",
        f"{told(same)}, {len(ids)} id, {fresh} made anew",
    )
    race = at_once(lambda n: book(house.servers[n % SERVERS], people[1 + n], 5001, {}))
    one_has_it = race == {201: 1, 409: AT_ONCE - 1}
    claims.claim(one_has_it, f"{AT_ONCE} people who book one time at {SERVERS} servers: one has it", told(race))


class Reader:
    """Somebody who goes on reading through the forwarder, with a cookie and with a personal link."""

    def __init__(self, port: int, study: Study, cookie: str) -> None:
        who = study.respondents[0]
        self.asked = [("/api/v1/me", {"Cookie": cookie}), (who.path("slots"), {}), (f"/p/{who.token}", {})]
        self.port = port
        self.statuses: Counter[int] = Counter()
        self.ending = threading.Event()
        self.thread = threading.Thread(target=self.read, daemon=True)
        self.thread.start()

    def read(self) -> None:
        while not self.ending.is_set():
            for path, headers in self.asked:
                try:
                    self.statuses[call(self.port, "GET", path, None, headers).status] += 1
                except (Lost, Refused):
                    self.statuses[0] += 1

    def stop(self) -> Counter[int]:
        """Ends it; answers how often each status came, 0 for none."""
        self.ending.set()
        self.thread.join(timeout=30)
        return self.statuses


def restarts(house: House, end: Callable[[Server], float], rounds: int) -> list[float]:
    """Ends and starts one server after the other; answers how long each took to end."""
    took = []
    for server in house.servers * rounds:
        took.append(end(server))
        server.start()
        server.wait_until_ready()
        house.forwarder.put_back(server.port)
    return took


@dataclass(frozen=True)
class Trial:
    """What was seen while servers were restarted under load."""

    took: list[float]
    written: int
    read: int
    failed: int
    figures: str


def under_load(house: House, load: Load, cookie: str, end: Callable[[Server], float], rounds: int) -> Trial:
    """Restarts all servers while people book and read through the forwarder."""
    house.forwarder.losses.clear()
    reader = Reader(house.forwarder.port, load.study, cookie)
    load.start()
    wait_for("the load is under way", 30, lambda: load.ledger.acknowledged() >= 40)
    took = restarts(house, end, rounds)
    if load.is_over():
        raise RuntimeError("everybody had booked before the last server was restarted: more respondents are needed")
    load.stop()
    statuses = reader.stop()
    written, read = len(load.ledger.successes), statuses[200]
    failed = sum(load.ledger.trouble.values()) + statuses.total() - read
    why = "; ".join(f"{number} x {what}" for what, number in Counter(house.forwarder.losses).items())
    figures = f"{len(took)} restarts, {written} writes and {read} reads succeeded, {failed} failed{why and f' ({why})'}"
    return Trial(took, written, read, failed, f"{figures}; to end took {min(took):.1f} to {max(took):.1f} s")


def claim_restart(claims: Claims, house: House, load: Load, cookie: str) -> None:
    """A restart by SIGTERM costs nobody a request."""
    trial = under_load(house, load, cookie, Server.stop, rounds=2)
    holds = trial.failed == 0 and trial.written > 100 and trial.read > 50
    more = f"; {house.forwarder.passed_on} requests were refused by one server and taken by another"
    claims.claim(holds, "servers that are restarted by SIGTERM under load cost no request", trial.figures + more)


def claim_drained_restart(claims: Claims, house: House, load: Load, cookie: str) -> None:
    """Nor does a restart of a server that the proxy has been told of before."""

    def end(server: Server) -> float:
        house.forwarder.take_out(server.port)
        return server.stop()

    trial = under_load(house, load, cookie, end, rounds=1)
    holds = trial.failed == 0 and trial.written > 20 and trial.read > 10
    claims.claim(holds, "servers that the proxy takes out before SIGTERM cost no request", trial.figures)


def claim_control(claims: Claims, house: House, load: Load, cookie: str) -> None:
    """Killing instead of stopping must be seen."""
    trial = under_load(house, load, cookie, Server.kill, rounds=2)
    sentence = "control: servers that are killed under load cost requests, and that is seen"
    claims.claim(trial.failed > 0, sentence, trial.figures)


def claim_outbox(claims: Claims, house: House) -> None:
    """Servers share the letters: each leaves once."""
    wait_for("the outbox is empty", 40, lambda: house.waiting() == 0, pause=0.5)
    mails = house.sink.taken()
    by = Counter(mail.port for mail in mails)
    again, _ = copies(mails)
    shares = [by[house.mail_port[server.port]] for server in house.servers]
    figures = f"{shares} letters, {again} twice"
    claims.claim(again == 0 and all(shares), "no letter left twice, and all servers sent some", figures)


def claim_orphans(claims: Claims, house: House, study: Study) -> None:
    """Letters of a server that is killed while it sends leave from another one, the same to the byte."""
    victim, other, _ = house.servers
    port = house.mail_port[victim.port]
    house.sink.silent.add(port)
    invite(other, study)
    wait_for("the server is in the middle of sending", 20, lambda: len(house.sink.unanswered()) >= 4)
    victim.kill()
    killed = time.monotonic()
    leased = "SELECT count(*) FROM letters WHERE state = 'queued' AND claimed_until > extract(epoch FROM now())"
    held = int(house.cluster.query(leased)[0][0])
    try:
        wait_for("the outbox is empty", LEFT_WITHIN + 10, lambda: house.waiting() == 0, pause=0.25)
    except TooLong:
        pass
    orphans = {mail.message_id: mail.data for mail in house.sink.unanswered()}
    after = {mail.message_id: mail for mail in house.sink.taken() if mail.at > killed}
    adopted = [after[letter] for letter in orphans if letter in after]
    last = max((mail.at - killed for mail in after.values()), default=0.0)
    same = all(mail.data == orphans[mail.message_id] for mail in adopted)
    house.sink.silent.clear()
    claims.claim(
        len(adopted) == len(orphans) and same and house.waiting() == 0 and last <= LEFT_WITHIN,
        f"letters of a server killed in the middle of sending leave from others within {LEFT_WITHIN} s",
        f"{len(orphans)} were on the wire and {held} claimed; all had left after {last:.0f} s, "
        f"{'the same to the byte' if same else 'changed'}",
    )
    victim.start()
    victim.wait_until_ready()


def main() -> int:
    """Makes all claims in turn."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", type=pathlib.Path, required=True, help="a built veldwerk")
    parser.add_argument("--seed", type=int, default=1, help="decides which times are wished for")
    given = parser.parse_args()
    if not given.program.is_file():
        raise lacking(f"{given.program} is no program")
    claims = Claims()
    with house(given.program.resolve()) as one:
        claim_start(claims, one)
        study = make_study(one.servers[0], RESPONDENTS)
        cookie = claim_sessions(claims, one)
        claim_throttle(claims, one)
        people, rest = study.respondents[: AT_ONCE + 1], study.respondents[AT_ONCE + 1 :]
        claim_one_booking(claims, one, study, people)
        starts = range(0, 3 * PART, PART)
        parts = [Study(study.id, study.bearer, rest[start : start + PART]) for start in starts]
        loads = [Load(parts[n], [one.forwarder.port], CLIENTS, given.seed, start) for n, start in enumerate(starts)]
        claim_restart(claims, one, loads[0], cookie)
        claim_drained_restart(claims, one, loads[1], cookie)
        claim_outbox(claims, one)
        claim_control(claims, one, loads[2], cookie)
        wait_for("the outbox is empty", 60, lambda: one.waiting() == 0, pause=0.5)
        claim_orphans(claims, one, study)
    return claims.end()


if __name__ == "__main__":
    sys.exit(main())
