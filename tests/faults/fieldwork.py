"""A study in full swing: people who consent, book, move and cancel, and researchers who import, all at once."""

import queue
import random
import threading
from datetime import datetime, timedelta, timezone
from dataclasses import dataclass
from typing import Any

from client import Answer, Client, Gone
from ledger import Ledger, Told
from program import Program

STEP_MINUTES = 15
INTERVIEW_MINUTES = 30
IMPORTED_AT_ONCE = 20


@dataclass(frozen=True)
class Person:
    id: str
    token: str

    def path(self, rest: str) -> str:
        return f"/api/v1/participations/{self.token}/{rest}"


@dataclass(frozen=True)
class Study:
    id: str
    people: list[Person]
    starts: list[str]

    def path(self, rest: str) -> str:
        return f"/api/v1/studies/{self.id}/{rest}"


def open_study(program: Program, people: int) -> Study:
    """A study with people on its list and an interviewer who is always free. There are fewer times than people
    need, so that they get in each other's way."""
    client = program.researcher()
    study = new_study(client).expect(201).json()["id"]
    base = f"/api/v1/studies/{study}"
    words = {"nl": "Ik doe mee.", "en": "I take part."}
    form = {"intro": words, "items": [{"key": "take_part", "required": True, "text": words}]}
    made = client.post(f"{base}/consent-forms", form).expect(201).json()["id"]
    client.post(f"/api/v1/consent-forms/{made}/publish").expect(200)
    days = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
    rules = [{"weekday": day, "from": "00:00", "until": "24:00"} for day in days]
    client.put(f"{base}/availability", {"rules": rules, "exceptions": []}).expect(200)
    client.post(f"{base}/respondents/import", contact_list("person", people)).expect(200)
    linked = [Person(one, link(client, one)) for one in list_ids(client, f"{base}/respondents")]
    client.close()
    return Study(study, linked, offered(people * 4))


def new_study(client: Client) -> Answer:
    return client.post("/api/v1/studies", {
        "title": "A study under stress", "contact_email": "study@example.org", "time_zone": "UTC",
        "interview_minutes": INTERVIEW_MINUTES, "slot_step_minutes": STEP_MINUTES, "buffer_minutes": 0, "min_notice_minutes": 0,
        "horizon_days": 700, "public_holidays": False,
        "modes": ["teams"], "teams_link": "https://teams.example.org/l/meeting",
    })


def contact_list(prefix: str, people: int) -> str:
    rows = [f"Somebody {n},{prefix}{n}@example.org,Enschede" for n in range(people)]
    return "\n".join(["name,email,municipality", *rows, ""])


def list_ids(client: Client, path: str) -> list[str]:
    ids: list[str] = []
    cursor = ""
    while True:
        page = client.get(f"{path}?limit=200{cursor}").expect(200).json()
        ids += [item["id"] for item in page["items"]]
        if page["next"] is None:
            return ids
        cursor = f"&cursor={page['next']}"


def link(client: Client, respondent: str) -> str:
    return str(client.post(f"/api/v1/respondents/{respondent}/link").expect(201).json()["token"])


def offered(number: int) -> list[str]:
    """Starts on the study's grid from the day after tomorrow on, but for those that end after midnight."""
    first = datetime.now(timezone.utc).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=2)
    grid = (first + timedelta(minutes=STEP_MINUTES * n) for n in range(number))
    interview = timedelta(minutes=INTERVIEW_MINUTES)
    return [as_text(start) for start in grid if (start + interview - timedelta(seconds=1)).date() == start.date()]


def as_text(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def unix(moment: str) -> int:
    return int(datetime.fromisoformat(moment).timestamp())


class Crowd:
    """People and researchers at work until they are told to stop, or the server is gone."""

    def __init__(self, program: Program, study: Study, people: "queue.SimpleQueue[Person]", ledger: Ledger, seed: int):
        self._program = program
        self._study = study
        self._people = people
        self._ledger = ledger
        self._random = random.Random(seed)
        self._stop = threading.Event()
        self._threads: list[threading.Thread] = []
        self.surprises: list[str] = []

    def begin(self, bookers: int = 6, importers: int = 1) -> None:
        work = [self._book_for_people] * bookers + [self._import_lists] * importers
        self._threads = [threading.Thread(target=self._until_gone, args=(task,), daemon=True) for task in work]
        for thread in self._threads:
            thread.start()

    def end(self) -> None:
        """Lets everybody finish what they are at."""
        self._stop.set()
        self.finish()

    def finish(self) -> None:
        """Waits until everybody has had their turn, or the server is gone."""
        for thread in self._threads:
            thread.join(60)

    def _until_gone(self, task: Any) -> None:
        try:
            task()
        except Gone:
            pass
        except AssertionError as surprise:
            self.surprises.append(str(surprise))

    def _book_for_people(self) -> None:
        client = self._program.visitor()
        while not self._stop.is_set():
            try:
                person = self._people.get_nowait()
            except queue.Empty:
                return
            self._one_person(client, person)

    def _one_person(self, client: Client, person: Person) -> None:
        yes = client.post(person.path("consent"), {"version": 1, "items": {"take_part": True}}).expect(200)
        self._ledger.note(Told("consent", person.id, yes.request))
        if not self._choose(client, person.path("interview"), 201):
            return
        if self._random.random() < 0.4:
            self._choose(client, person.path("interview/reschedule"), 200)
        if self._random.random() < 0.2:
            self._note(client.post(person.path("interview/cancel")).expect(200))

    def _choose(self, client: Client, path: str, done: int) -> bool:
        """Tries some starts; somebody else may be faster at each."""
        for _ in range(4):
            start = self._random.choice(self._study.starts)
            answer = client.post(path, {"starts_at": start, "mode": "teams"}).expect(done, 409)
            if answer.status == done:
                self._note(answer)
                return True
        return False

    def _note(self, answer: Answer) -> None:
        interview = answer.json()
        state = interview["status"]
        if state == "booked":
            state = f"booked {unix(interview['starts_at'])}"
        self._ledger.note(Told("interview", interview["id"], answer.request, interview["sequence"], state))

    def _import_lists(self) -> None:
        """Each list goes into a study of its own, so that the number of people there says whether all of it is kept."""
        client = self._program.researcher()
        while not self._stop.is_set():
            made = new_study(client).expect(201)
            study = made.json()["id"]
            self._ledger.note(Told("study", study, made.request))
            file = contact_list("panel", IMPORTED_AT_ONCE)
            done = client.post(f"/api/v1/studies/{study}/respondents/import", file).expect(200)
            self._ledger.note(Told("import", study, done.request, done.json()["imported"]))
