"""One HTTP request over a connection of its own, and the three ways in which it can end."""

import http.client
import json
import socket
from dataclasses import dataclass

SECONDS = 60


class Refused(Exception):
    """Nobody listens: not a byte was sent, so somebody else may be asked."""


class Lost(Exception):
    """The request may have arrived, and no whole answer came back."""


@dataclass(frozen=True)
class Answer:
    """A whole answer."""

    status: int
    headers: dict[str, str]
    body: bytes

    def json(self) -> dict:
        """The body as JSON."""
        return json.loads(self.body)

    @property
    def code(self) -> str:
        """The stable code of a refusal."""
        return self.json().get("code", "") if self.headers.get("content-type", "").endswith("json") else ""


def call(
    port: int,
    method: str,
    path: str,
    body: object = None,
    headers: dict[str, str] | None = None,
    seconds: float = SECONDS,
) -> Answer:
    """Sends one request. Bytes go as they are; anything else is sent as JSON."""
    given = dict(headers or {})
    sent = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
    if sent is not None:
        given.setdefault("Content-Type", "application/json")
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=seconds)
    try:
        try:
            connection.connect()
        except (ConnectionRefusedError, ConnectionResetError) as error:
            raise Refused(str(error)) from error
        connection.request(method, path, sent, given | {"Connection": "close"})
        answer = connection.getresponse()
        found = {name.lower(): value for name, value in answer.getheaders()}
        return Answer(answer.status, found, answer.read())
    except (OSError, socket.timeout, http.client.HTTPException) as error:
        raise Lost(f"{type(error).__name__}: {error}") from error
    finally:
        connection.close()
