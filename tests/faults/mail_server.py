"""A mail server with moods: kind, refusing, greylisting, slow, hanging up, or not there at all.

It keeps every message that came whole, whether it said so or not, since a reader might get each of them.
"""

import socketserver
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

KIND, REFUSING, GREYLISTING, SLOW, HANGING_UP = "kind", "refusing", "greylisting", "slow", "hanging up"
SLOW_SECONDS = 0.3


@dataclass(frozen=True)
class Received:
    recipient: str
    message: bytes

    @property
    def message_id(self) -> str:
        head, _, _ = self.message.partition(b"\r\n\r\n")
        for line in head.replace(b"\r\n ", b" ").split(b"\r\n"):
            if line.lower().startswith(b"message-id:"):
                return line.split(b":", 1)[1].strip().decode().strip("<>")
        return ""


class MailServer:
    """Listens on a port of its own; `after_yes` is called when a 250 for a message has left."""

    def __init__(self) -> None:
        self.mood = KIND
        self.received: list[Received] = []
        self.turned_away: Counter[str] = Counter()
        self.after_yes: Callable[[Received], None] | None = None
        self._lock = threading.Lock()
        self._server: _Listener | None = None
        self.port = 0
        self.open()

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    def open(self) -> None:
        """Begins to listen, on the same port as before."""
        self._server = _Listener(("127.0.0.1", self.port), self)
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def close(self) -> None:
        """Dies: nobody listens any more."""
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None

    def all(self) -> list[Received]:
        with self._lock:
            return list(self.received)

    def keep(self, received: Received) -> bool:
        """Keeps a message; true when it came for the first time."""
        with self._lock:
            new = all(known.message_id != received.message_id for known in self.received)
            self.received.append(received)
            return new

    def turn_away(self, subject: str) -> bool:
        """Counts that somebody was turned away; true the first time."""
        with self._lock:
            self.turned_away[subject] += 1
            return self.turned_away[subject] == 1


class _Listener(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 64

    def __init__(self, address: tuple[str, int], owner: MailServer) -> None:
        super().__init__(address, _Dialogue)
        self.owner = owner


class _Dialogue(socketserver.StreamRequestHandler):
    """One connection (RFC 5321), as far as a sender of plain letters needs it."""

    server: _Listener
    disable_nagle_algorithm = True

    def handle(self) -> None:
        try:
            self._greet_and_talk()
        except OSError:
            pass

    def _greet_and_talk(self) -> None:
        recipient = ""
        self._say("220 mail.example.org")
        while line := self.rfile.readline():
            command = line.decode(errors="replace").strip()
            verb = command.split(" ", 1)[0].upper()
            if verb == "QUIT":
                self._say("221 bye")
                return
            if verb == "RCPT":
                recipient = command[command.find("<") + 1 : command.rfind(">")]
                self._say(self._answer_to(recipient))
            elif verb == "DATA":
                self._say("354 go on")
                if not self._take(recipient):
                    return
            else:
                self._say("250 mail.example.org")

    def _answer_to(self, recipient: str) -> str:
        owner = self.server.owner
        if owner.mood == REFUSING:
            owner.turn_away(REFUSING)
            return "452 4.3.1 insufficient system storage"
        if owner.mood == GREYLISTING and owner.turn_away(recipient):
            return "451 4.7.1 greylisted, come back later"
        return "250 ok"

    def _take(self, recipient: str) -> bool:
        """Takes a message; false when the connection ends without an answer."""
        owner = self.server.owner
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line[1:] if line.startswith(b"..") else line)
        if line == b"":
            return False
        received = Received(recipient, b"".join(lines))
        is_new = owner.keep(received)
        if owner.mood == HANGING_UP and is_new:
            owner.turn_away(HANGING_UP)
            return False
        self._say("250 taken")
        if owner.after_yes is not None:
            owner.after_yes(received)
        return True

    def _say(self, words: str) -> None:
        if self.server.owner.mood == SLOW:
            time.sleep(SLOW_SECONDS)
        self.wfile.write(f"{words}\r\n".encode())
