"""A study that is ready for booking, made through the API as a researcher makes one."""

import datetime
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from veldwerk import Server

EMAIL = "researcher@veldwerk.example"
PASSWORD = "four loose words together"
SLOT_MINUTES = 5
DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
CONSENT = {"version": 1, "items": {"take_part": True}}


@dataclass(frozen=True)
class Respondent:
    """Somebody with a personal link."""

    id: str
    email: str
    token: str

    def path(self, rest: str) -> str:
        """An address under the personal link."""
        return f"/api/v1/participations/{self.token}/{rest}"


@dataclass(frozen=True)
class Study:
    """What was made."""

    id: str
    bearer: dict[str, str]
    respondents: list[Respondent]

    def slot(self, number: int) -> str:
        """A start that the researcher's hours offer."""
        first = datetime.datetime.now(datetime.UTC).replace(hour=0, minute=0, second=0, microsecond=0)
        start = first + datetime.timedelta(days=2, minutes=number * SLOT_MINUTES)
        return start.strftime("%Y-%m-%dT%H:%M:%SZ")


def make_study(server: Server, respondents: int, bystanders: int = 0) -> Study:
    """Makes an account, a study with hours around the clock, a consent form, respondents with links, and bystanders,
    who only get mail."""
    must(server.command("user", "add", "--email", EMAIL, "--name", "A. Researcher", typed=PASSWORD + "\n"))
    token = must(server.command("token", "create", "--email", EMAIL, "--label", "cluster"))
    bearer = {"Authorization": f"Bearer {token}"}
    rules = {
        "title": "Cluster", "contact_email": EMAIL,
        "interview_minutes": SLOT_MINUTES, "slot_step_minutes": SLOT_MINUTES,
        "buffer_minutes": 0, "min_notice_minutes": 0, "horizon_days": 730, "public_holidays": False,
        "time_zone": "Europe/Amsterdam",
    }
    study = made(server, "POST", "/api/v1/studies", rules, bearer)["id"]
    item = {"key": "take_part", "required": True, "text": {"nl": "Ik doe mee.", "en": "I take part."}}
    form = {"intro": {"nl": "Waarover.", "en": "About."}, "items": [item]}
    form_id = made(server, "POST", f"/api/v1/studies/{study}/consent-forms", form, bearer)["id"]
    made(server, "POST", f"/api/v1/consent-forms/{form_id}/publish", {}, bearer)
    hours = [{"weekday": day, "from": "00:00", "until": "24:00"} for day in DAYS]
    made(server, "PUT", f"/api/v1/studies/{study}/availability", {"rules": hours, "exceptions": []}, bearer)
    rows = "".join(f"Person {n};person{n}@veldwerk.example;Den Haag\n" for n in range(respondents + bystanders))
    csv = ("name;email;municipality\n" + rows).encode()
    headers = bearer | {"Content-Type": "text/csv"}
    made(server, "POST", f"/api/v1/studies/{study}/respondents/import", csv, headers)
    return Study(study, bearer, links(server, study, bearer, respondents))


def invite(server: Server, study: Study) -> int:
    """Invites everybody who was not invited; answers how many letters that makes."""
    everybody = {"respondents": None, "dry_run": False}
    path = f"/api/v1/studies/{study.id}/invitations"
    return len(made(server, "POST", path, everybody, study.bearer)["queued"])


def links(server: Server, study: str, bearer: dict[str, str], respondents: int) -> list[Respondent]:
    """The first respondents of a study, each with a fresh personal link."""
    listed, cursor = [], ""
    while cursor is not None:
        page = made(server, "GET", f"/api/v1/studies/{study}/respondents?limit=200{cursor}", None, bearer)
        listed += page["items"]
        cursor = page["next"] and f"&cursor={page['next']}"

    def link(item: dict) -> Respondent:
        token = made(server, "POST", f"/api/v1/respondents/{item['id']}/link", {}, bearer)["token"]
        return Respondent(item["id"], item["email"], token)

    with ThreadPoolExecutor(8) as pool:
        return list(pool.map(link, listed[:respondents]))


def made(server: Server, method: str, path: str, body: object, headers: dict[str, str]) -> dict:
    """The answer to a request that must succeed."""
    answer = server.call(method, path, body, headers)
    if answer.status >= 300:
        raise RuntimeError(f"{method} {path}: {answer.status} {answer.body.decode()}")
    return answer.json() if answer.body else {}


def must(outcome: tuple[int, str]) -> str:
    """What a command that must succeed said."""
    status, said = outcome
    if status != 0:
        raise RuntimeError(said)
    return said
