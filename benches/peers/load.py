"""The client: some connections that are kept, one loop that serves them all, and a stopwatch.

A flow is what one person does: a generator that yields the bytes of a request and is given the answer. It ends when
the person is done, and raises `Unexpected` when an answer leads nowhere.
"""

import gc
import select
import socket
import time
from collections.abc import Generator, Iterator
from dataclasses import dataclass, field

from wire import HOST, Response, Unexpected, read_response

Flow = Generator[bytes, Response, None]
_SILENCE = 60.0
_CHUNK = 1 << 18


@dataclass
class Outcome:
    """What came of a load."""

    seconds: float = 0.0
    client_cpu: float = 0.0
    latencies: list[float] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)

    @property
    def done(self) -> int:
        """How many flows came to their end."""
        return len(self.latencies)


class _Client:
    """One connection and the flow that it is in the middle of."""

    __slots__ = ("port", "sock", "flow", "begun", "received")

    def __init__(self, port: int) -> None:
        self.port = port
        self.received = b""
        self.sock = connect(port)

    def begin(self, flow: Flow) -> None:
        self.flow = flow
        self.begun = time.perf_counter()
        self.sock.sendall(next(flow))

    def receive(self) -> Response | None:
        """The answer that is complete by now, if any."""
        data = self.sock.recv(_CHUNK)
        if not data:
            raise Unexpected("the server hung up without an answer")
        self.received += data
        response = read_response(self.received)
        if response is not None:
            self.received = b""
        return response

    def reconnect(self) -> None:
        self.sock.close()
        self.received = b""
        self.sock = connect(self.port)


class _Loop:
    """Gives each client the next flow until the time is up or no flow is left."""

    def __init__(self, port: int, flows: Iterator[Flow], clients: int, deadline: float) -> None:
        self.flows, self.deadline, self.outcome = flows, deadline, Outcome()
        self.poll = select.epoll()
        self.clients: dict[int, _Client] = {}
        for _ in range(clients):
            self._watch(_Client(port))

    def _watch(self, client: _Client) -> None:
        self.clients[client.sock.fileno()] = client
        self.poll.register(client.sock.fileno(), select.EPOLLIN)

    def run(self) -> Outcome:
        for client in list(self.clients.values()):
            self._next(client)
        while self.clients:
            ready = self.poll.poll(_SILENCE)
            if not ready:
                raise TimeoutError(f"no answer for {_SILENCE:.0f} seconds")
            for descriptor, _ in ready:
                self._advance(self.clients[descriptor])
        self.poll.close()
        return self.outcome

    def _next(self, client: _Client) -> None:
        """Begins the next flow, or lets the client go."""
        flow = next(self.flows, None) if time.perf_counter() < self.deadline else None
        if flow is None:
            self._forget(client)
            client.sock.close()
        else:
            client.begin(flow)

    def _forget(self, client: _Client) -> None:
        self.poll.unregister(client.sock.fileno())
        del self.clients[client.sock.fileno()]

    def _advance(self, client: _Client) -> None:
        try:
            response = client.receive()
            if response is None:
                return
            if response.ends_connection:
                self._renew(client)
            client.sock.sendall(client.flow.send(response))
        except StopIteration:
            self.outcome.latencies.append(time.perf_counter() - client.begun)
            self._next(client)
        except (Unexpected, OSError) as problem:
            self.outcome.failures.append(str(problem))
            self._renew(client)
            self._next(client)

    def _renew(self, client: _Client) -> None:
        self._forget(client)
        client.reconnect()
        self._watch(client)


def connect(port: int) -> socket.socket:
    """A connection that sends at once."""
    sock = socket.create_connection((HOST, port), timeout=_SILENCE)
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return sock


def run(port: int, flows: Iterator[Flow], clients: int, seconds: float = float("inf")) -> Outcome:
    """Plays flows with so many clients at once; those that are under way when the time is up are finished."""
    loop = _Loop(port, flows, clients, time.perf_counter() + seconds)
    gc.collect()
    gc.disable()
    cpu, begun = time.process_time(), time.perf_counter()
    try:
        outcome = loop.run()
    finally:
        gc.enable()
    outcome.seconds = time.perf_counter() - begun
    outcome.client_cpu = time.process_time() - cpu
    return outcome


def all_done(port: int, flows: Iterator[Flow], clients: int) -> Outcome:
    """Plays flows outside of any measure; none may fail."""
    outcome = run(port, flows, clients)
    if outcome.failures:
        raise RuntimeError(f"{len(outcome.failures)} steps of the preparation failed: {outcome.failures[0]}")
    return outcome


def burst(port: int, requests: list[bytes]) -> list[Response]:
    """Sends all requests at the same instant, each on its own open connection, and collects the answers."""
    socks = [connect(port) for _ in requests]
    for sock, request in zip(socks, requests, strict=True):
        sock.sendall(request)
    answers = [_answer(sock) for sock in socks]
    for sock in socks:
        sock.close()
    return answers


def _answer(sock: socket.socket) -> Response:
    received = b""
    while (response := read_response(received)) is None:
        data = sock.recv(_CHUNK)
        if not data:
            raise Unexpected("the server hung up without an answer")
        received += data
    return response
