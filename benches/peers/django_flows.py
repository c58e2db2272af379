"""What a new client of django-appointment does, request by request, with the cookies that a browser would keep."""

import re
from dataclasses import dataclass, field

from django_site.fixed_code import CODE
from load import Flow
from times import FREE_PER_LIST, Start
from wire import Response, Unexpected, get, post_form

_COOKIE = re.compile(rb"\r\nset-cookie: *(csrftoken|sessionid)=([^;\r]*)", re.IGNORECASE)
_LOCATION = re.compile(rb"\r\nlocation: *([^\r]*)", re.IGNORECASE)
_SLOT = re.compile(rb'"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d"')


@dataclass(slots=True)
class Client:
    """A person with a browser, who wants a time."""

    number: int
    wants: Start
    cookies: dict[str, str] = field(default_factory=dict)

    def keep(self, answer: Response, status: int, step: str) -> str:
        """Keeps the cookies of an answer; says where it leads, if anywhere."""
        answer.expect(status, step)
        for name, value in _COOKIE.findall(answer.head):
            self.cookies[name.decode()] = value.decode()
        found = _LOCATION.search(answer.head)
        return found[1].decode() if found else ""

    def get(self, path: str) -> bytes:
        """Asks for a page."""
        return get(path, self._cookie_line())

    def post(self, path: str, fields: dict[str, str]) -> bytes:
        """Sends a form."""
        fields = {"csrfmiddlewaretoken": self.cookies["csrftoken"], **fields}
        return post_form(path, fields, self._cookie_line())

    def _cookie_line(self) -> str:
        pairs = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        return f"Cookie: {pairs}\r\n" if pairs else ""


def ready_to_confirm(client: Client, requests: list[bytes]) -> Flow:
    """All that comes before the last button: five requests, and a sixth that is put on the list."""
    client.keep((yield client.get("/request/1/")), 200, "see the service")
    wanted = client.post("/request-submit/", _wanted(client.wants))
    details = client.keep((yield wanted), 302, "ask for a time")
    client.keep((yield client.get(details)), 200, "see the form")
    code = client.keep((yield client.post(details, _details(client.number))), 302, "tell who it is for")
    client.keep((yield client.get(code)), 200, "see where the code goes")
    requests.append(client.post(code, {"code": CODE}))


def booked(client: Client) -> Flow:
    """The whole visit: seven requests."""
    confirm: list[bytes] = []
    yield from ready_to_confirm(client, confirm)
    thanks = client.keep((yield confirm[0]), 302, "confirm with the code")
    client.keep((yield client.get(thanks)), 200, "see what is booked")


def listed(request: bytes) -> Flow:
    """One look at the free times of a day."""
    answer = (yield request).expect(200, "list the free times")
    if len(_SLOT.findall(answer.body)) != FREE_PER_LIST:
        raise Unexpected(f"a list that does not hold the {FREE_PER_LIST} free times of the day")


def _wanted(start: Start) -> dict[str, str]:
    return {
        "date": f"{start.local:%Y-%m-%d}",
        "start_time": f"{start.local:%H:%M}",
        "end_time": f"{start.end:%H:%M}",
        "service": "1",
        "staff_member": "1",
    }


def _details(number: int) -> dict[str, str]:
    return {
        "name": f"Guest {number}",
        "email": f"guest{number}@example.org",
        "phone_0": "NL",
        "phone_1": "0612345678",
        "address": "Den Haag",
        "additional_info": "",
        "payment_type": "full",
    }
