"""Respondents who consent and book, many at once, with a ledger of everything that was acknowledged to them.

A client does what a careful program does: it sends an `Idempotency-Key`, and where no definite answer comes it sends
the same again. What counts as acknowledged is an answer of success that arrived whole.
"""

import random
import threading
import time
import uuid
from collections import Counter

from fieldwork import CONSENT, Respondent, Study
from http_call import Answer, Lost, Refused, call

# Before the same request is sent again.
PAUSE = 0.1
# A client gives a slow server up after this long and asks again.
PATIENCE = 10


class Ledger:
    """What was acknowledged, and what went wrong on the way."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.consents: dict[str, str] = {}
        self.bookings: dict[str, tuple[str, str]] = {}
        self.successes: list[tuple[float, float, int]] = []
        self.trouble: Counter[str] = Counter()
        self.refused_slots = 0
        self.replayed = 0

    def success(self, port: int, began: float, answer: Answer) -> None:
        """Notes when a write began and when its answer came."""
        with self.lock:
            self.successes.append((began, time.monotonic(), port))
            self.replayed += answer.headers.get("idempotent-replayed") == "true"

    def stumble(self, what: str) -> None:
        """Notes an answer that was none, or that came from a server in trouble."""
        with self.lock:
            self.trouble[what] += 1

    def acknowledged(self) -> int:
        """How many consents and bookings were acknowledged so far."""
        with self.lock:
            return len(self.consents) + len(self.bookings)

    def since(self, moment: float, port: int) -> int:
        """How many writes that began after a moment a server has acknowledged."""
        with self.lock:
            return sum(began > moment and at == port for began, _, at in self.successes)

    def first_since(self, moment: float, port: int) -> float:
        """How long after a moment the first write succeeded that began after it."""
        with self.lock:
            return min(ended for began, ended, at in self.successes if began > moment and at == port) - moment


class Load:
    """Clients that work through the respondents of a study, each at the port that it was given."""

    def __init__(self, study: Study, ports: list[int], clients: int, seed: int, first_slot: int = 0) -> None:
        self.study = study
        self.first_slot = first_slot
        self.ledger = Ledger()
        self.waiting = list(reversed(study.respondents))
        self.lock = threading.Lock()
        self.ending = threading.Event()
        # Fewer times than people, so that many meet at the same one.
        self.slots = len(study.respondents) * 9 // 10
        self.threads = [
            threading.Thread(target=self.work, args=(ports[n % len(ports)], random.Random(seed + n)), daemon=True)
            for n in range(clients)
        ]

    def start(self) -> None:
        """Begins."""
        for thread in self.threads:
            thread.start()

    def stop(self) -> None:
        """Lets everybody finish what they are at, and waits for that."""
        self.ending.set()
        for thread in self.threads:
            thread.join(timeout=3 * PATIENCE)

    def next(self) -> Respondent | None:
        """Somebody who has not been here yet."""
        with self.lock:
            return self.waiting.pop() if self.waiting and not self.ending.is_set() else None

    def is_over(self) -> bool:
        """Whether everybody has been here."""
        return not any(thread.is_alive() for thread in self.threads)

    def work(self, port: int, chance: random.Random) -> None:
        """One client: people come one after the other, consent and book."""
        while (who := self.next()) is not None:
            answer = self.press(port, who.path("consent"), CONSENT)
            if answer is None or answer.status != 200:
                continue
            with self.ledger.lock:
                self.ledger.consents[who.id] = answer.json()["sha256"]
            self.book(port, who, chance)

    def book(self, port: int, who: Respondent, chance: random.Random) -> None:
        """Books some time, and another one as long as somebody else was faster."""
        while True:
            wish = {"starts_at": self.study.slot(self.first_slot + chance.randrange(self.slots)), "mode": "teams"}
            answer = self.press(port, who.path("interview"), wish)
            if answer is None or answer.status not in (201, 409):
                return
            with self.ledger.lock:
                if answer.status == 201:
                    self.ledger.bookings[answer.json()["id"]] = (who.id, wish["starts_at"])
                    return
                self.ledger.refused_slots += 1
            if answer.code != "slot_taken":
                self.ledger.stumble(f"409 {answer.code}")
                return

    def press(self, port: int, path: str, body: object) -> Answer | None:
        """Sends a request until a definite answer comes; None when the load ends before."""
        key = {"Idempotency-Key": uuid.uuid4().hex}
        while True:
            began = time.monotonic()
            try:
                answer = call(port, "POST", path, body, key, seconds=PATIENCE)
            except (Lost, Refused) as error:
                self.ledger.stumble("connection refused" if isinstance(error, Refused) else "no answer")
            else:
                if answer.status < 300:
                    self.ledger.success(port, began, answer)
                if answer.status < 500 and answer.code != "in_progress":
                    return answer
                self.ledger.stumble(str(answer.status))
            if self.ending.is_set():
                return None
            time.sleep(PAUSE)
