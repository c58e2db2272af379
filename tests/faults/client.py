"""A client of the program's API over one connection that is kept open."""

import http.client
import json
from dataclasses import dataclass
from typing import Any

PATIENCE_SECONDS = 20


class Gone(Exception):
    """The connection ended without an answer, so nobody knows what became of the request."""


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body) if self.body else None

    @property
    def request(self) -> str:
        """The number that the server gave the request; it stands in the bytes that leave the server."""
        return self.headers.get("x-request-id", "")

    def expect(self, *statuses: int) -> "Answer":
        if self.status not in statuses:
            raise AssertionError(f"{self.status} instead of {statuses}: {self.body.decode(errors='replace')}")
        return self


class Client:
    def __init__(self, port: int, token: str | None = None) -> None:
        self._port = port
        self._token = token
        self._connection: http.client.HTTPConnection | None = None

    def get(self, path: str) -> Answer:
        return self.ask("GET", path)

    def post(self, path: str, body: Any = None, key: str | None = None) -> Answer:
        return self.ask("POST", path, {} if body is None else body, key)

    def put(self, path: str, body: Any) -> Answer:
        return self.ask("PUT", path, body)

    def ask(self, method: str, path: str, body: Any = None, key: str | None = None) -> Answer:
        """Sends a request; text is sent as CSV, anything else as JSON."""
        headers = {"Authorization": f"Bearer {self._token}"} if self._token else {}
        if key is not None:
            headers["Idempotency-Key"] = key
        content = None
        if body is not None:
            is_csv = isinstance(body, str)
            headers["Content-Type"] = "text/csv" if is_csv else "application/json"
            content = (body if is_csv else json.dumps(body)).encode()
        try:
            return self._exchange(method, path, content, headers)
        except (OSError, http.client.HTTPException) as error:
            self.close()
            raise Gone(f"{method} {path}: {error!r}") from error

    def _exchange(self, method: str, path: str, content: bytes | None, headers: dict[str, str]) -> Answer:
        if self._connection is None:
            self._connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=PATIENCE_SECONDS)
        self._connection.request(method, path, content, headers)
        answer = self._connection.getresponse()
        body = answer.read()
        named = {name.lower(): value for name, value in answer.getheaders()}
        return Answer(answer.status, named, body)

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None
