"""HTTP as bytes: requests that are prepared before the clock starts, and answers that are read with little work.

The client shares the machine with the servers, so every microsecond that it spends is one that they lack.
"""

import json
import re
from dataclasses import dataclass
from urllib.parse import urlencode

HOST = "127.0.0.1"
_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_CLOSE = re.compile(rb"\r\nconnection: *close", re.IGNORECASE)


class Unexpected(Exception):
    """An answer that a step of a flow can't go on from."""


@dataclass(slots=True)
class Response:
    """An answer as it came."""

    status: int
    head: bytes
    body: bytes

    @property
    def ends_connection(self) -> bool:
        """Whether the server hangs up after this answer."""
        return _CLOSE.search(self.head) is not None

    def expect(self, status: int, step: str) -> "Response":
        """The answer itself, if it has the status that the step needs."""
        if self.status != status:
            said = self.body[:200].decode(errors="replace")
            raise Unexpected(f"{step}: {self.status} instead of {status}: {said}")
        return self


def read_response(data: bytes) -> Response | None:
    """The answer that the bytes hold, or nothing while it is not complete."""
    end = data.find(b"\r\n\r\n")
    if end < 0:
        return None
    head, status = data[: end + 2], int(data[9:12])
    found = _LENGTH.search(head)
    if found is None and status not in (204, 304):
        raise Unexpected("an answer without Content-Length, which this client does not read")
    length = int(found[1]) if found else 0
    if len(data) < end + 4 + length:
        return None
    return Response(status, head, data[end + 4 : end + 4 + length])


def get(path: str, headers: str = "") -> bytes:
    """A GET. `headers` are whole lines, each with its line break."""
    return f"GET {path} HTTP/1.1\r\nHost: {HOST}\r\n{headers}\r\n".encode()


def post_form(path: str, fields: dict[str, str], headers: str = "") -> bytes:
    """A form as a browser sends it."""
    return _post(path, urlencode(fields), f"Content-Type: application/x-www-form-urlencoded\r\n{headers}")


def post_json(path: str, body: object, headers: str = "") -> bytes:
    """A JSON body."""
    return _post(path, json.dumps(body, separators=(",", ":")), f"Content-Type: application/json\r\n{headers}")


def _post(path: str, body: str, headers: str) -> bytes:
    size = len(body.encode())
    return f"POST {path} HTTP/1.1\r\nHost: {HOST}\r\nContent-Length: {size}\r\n{headers}\r\n{body}".encode()
