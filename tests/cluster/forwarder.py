"""A proxy that gives requests to several servers in turn, and does for a server that is gone only what any proxy does:
where the connection is refused, before a byte was sent, the next server is asked."""

import http.server
import itertools
import socketserver
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from http_call import Lost, Refused, call
from waiting import wait_for

KEPT_BACK = {"connection", "content-length", "host", "transfer-encoding", "date"}


class Passage(http.server.BaseHTTPRequestHandler):
    """One request on its way."""

    protocol_version = "HTTP/1.1"
    timeout = 30

    def forward(self) -> None:
        """Asks one server after the other until one takes the request."""
        body = self.rfile.read(int(self.headers.get("Content-Length", "0"))) or None
        headers = {name: value for name, value in self.headers.items() if name.lower() not in KEPT_BACK}
        forwarder = self.server.forwarder
        for port in forwarder.turn():
            try:
                with forwarder.under_way(port):
                    answer = call(port, self.command, self.path, body, headers)
            except Refused:
                forwarder.passed_on += 1
                continue
            except Lost as error:
                forwarder.losses.append(str(error))
                break
            self.reply(answer.status, answer.headers, answer.body)
            return
        self.reply(502, {}, b"")

    def reply(self, status: int, headers: dict[str, str], body: bytes) -> None:
        """Gives the answer back."""
        self.send_response_only(status)
        for name, value in headers.items():
            if name not in KEPT_BACK:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST = do_PUT = do_DELETE = forward

    def log_message(self, format: str, *args: object) -> None:
        """Paths hold personal links, which belong in no log."""


class Listener(socketserver.ThreadingTCPServer):
    """The port that clients know."""

    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 128


class Forwarder:
    """The proxy with what it went through."""

    def __init__(self, port: int, servers: list[int]) -> None:
        self.port = port
        self.servers = servers
        self.first = itertools.cycle(range(len(servers)))
        self.lock = threading.Lock()
        # Requests that another server was asked, since the first one refused the connection.
        self.passed_on = 0
        # What became of requests that were sent and not answered.
        self.losses: list[str] = []
        self.away: set[int] = set()
        self.busy: Counter[int] = Counter()
        self.listener = Listener(("127.0.0.1", port), Passage)
        self.listener.forwarder = self
        threading.Thread(target=self.listener.serve_forever, daemon=True).start()

    def turn(self) -> list[int]:
        """Whom to ask, in this order."""
        with self.lock:
            first = next(self.first)
            servers = self.servers[first:] + self.servers[:first]
            return [port for port in servers if port not in self.away]

    @contextmanager
    def under_way(self, port: int) -> Iterator[None]:
        """Counts a request as being at a server."""
        with self.lock:
            self.busy[port] += 1
        try:
            yield
        finally:
            with self.lock:
                self.busy[port] -= 1

    def take_out(self, port: int) -> None:
        """Gives a server no more requests and waits until it has answered all that it has."""
        self.away.add(port)
        wait_for("the server has answered", 20, lambda: self.busy[port] == 0, pause=0.01)

    def put_back(self, port: int) -> None:
        """Gives a server requests again."""
        self.away.discard(port)

    def close(self) -> None:
        """Takes no more requests."""
        self.listener.shutdown()
        self.listener.server_close()
