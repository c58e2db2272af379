"""What a respondent of Veldwerk does, request by request."""

import itertools
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from load import Flow
from times import FREE_PER_LIST, midnight
from wire import Response, Unexpected, get, post_form, post_json

ITEM = "take_part"
_VERSION = 1


@dataclass(frozen=True, slots=True)
class Guest:
    """A respondent: the token of their link, and the time that they want."""

    link: str
    wants: str


def visit(guest: Guest) -> Flow:
    """The whole visit by the pages, as a browser makes it: seven requests."""
    page = f"/p/{guest.link}"
    (yield get(page)).expect(200, "open the link")
    form = (yield get(f"{page}/consent")).expect(200, "read the consent form")
    agreed = {"key": _one_shot_key(form), "version": str(_VERSION), f"items.{ITEM}": "yes", "name": ""}
    (yield post_form(f"{page}/consent", agreed)).expect(303, "consent")
    (yield get(f"{page}?done=consented")).expect(200, "see that consent is given")
    form = (yield get(f"{page}/book")).expect(200, "see the free times")
    chosen = {"key": _one_shot_key(form), "mode": "teams", "starts_at": guest.wants}
    (yield post_form(f"{page}/book", chosen)).expect(303, "book")
    (yield get(f"{page}?done=booked")).expect(200, "see what is booked")


def consent(guest: Guest) -> Flow:
    """Consent by the API: one request."""
    (yield _consent_request(guest)).expect(200, "consent")


def consent_and_book(guest: Guest) -> Flow:
    """Consent and booking by the API: two requests."""
    (yield _consent_request(guest)).expect(200, "consent")
    (yield booking_request(guest)).expect(201, "book")


def book(request: bytes) -> Flow:
    """Booking by the API, by a respondent who has consented: one request, prepared."""
    (yield request).expect(201, "book")


def booking_request(guest: Guest) -> bytes:
    """The request that books."""
    wish = {"starts_at": guest.wants, "mode": "teams"}
    return post_json(f"/api/v1/participations/{guest.link}/interview", wish, _idempotency_key())


def lists(guests: list[Guest], days: list[date]) -> Iterator[Flow]:
    """Looks at the free times of one day, one guest and day after the other, without end."""
    requests = [_list_request(guest, day) for guest, day in itertools.product(guests, days)]
    return map(_list, itertools.cycle(requests))


def renewed_link(researcher: str, respondent: str, links: list[str]) -> Flow:
    """Asks for a respondent's link and puts its token on the list."""
    headers = f"Authorization: Bearer {researcher}\r\n"
    answer = (yield post_json(f"/api/v1/respondents/{respondent}/link", {}, headers)).expect(201, "renew a link")
    links.append(_between(answer.body, b'"token":"', b'"'))


def _list(request: bytes) -> Flow:
    answer = (yield request).expect(200, "list the free times")
    if answer.body.count(b'"starts_at"') != FREE_PER_LIST:
        raise Unexpected(f"a list that does not hold the {FREE_PER_LIST} free times of the day")


def _list_request(guest: Guest, day: date) -> bytes:
    range_ = f"from={midnight(day)}&until={midnight(day + timedelta(days=1))}"
    return get(f"/api/v1/participations/{guest.link}/slots?{range_}")


def _consent_request(guest: Guest) -> bytes:
    given = {"version": _VERSION, "items": {ITEM: True}}
    return post_json(f"/api/v1/participations/{guest.link}/consent", given, _idempotency_key())


def _idempotency_key() -> str:
    return f"Idempotency-Key: {uuid.uuid4()}\r\n"


def _one_shot_key(page: Response) -> str:
    return _between(page.body, b'name="key" value="', b'"')


def _between(text: bytes, before: bytes, after: bytes) -> str:
    _, found, rest = text.partition(before)
    if not found:
        raise Unexpected(f"an answer without {before.decode()}")
    return rest.partition(after)[0].decode()
