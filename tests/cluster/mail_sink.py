"""A mail server that keeps what it is given, so that every letter can be counted and compared.

It listens on several ports, one for each veldwerk server, so that it shows which of them sent a letter. A port can be
told to take messages without ever answering: whoever sends to it is then in the middle of sending.
"""

import socketserver
import threading
import time
from dataclasses import dataclass


@dataclass(frozen=True)
class Mail:
    """A message that arrived whole."""

    port: int
    to: str
    at: float
    data: bytes
    accepted: bool

    @property
    def message_id(self) -> bytes:
        """What tells one letter from another."""
        lines = self.data.split(b"\r\n\r\n", 1)[0].split(b"\r\n")
        return next(line for line in lines if line.lower().startswith(b"message-id:"))


class Conversation(socketserver.StreamRequestHandler):
    """One connection of a sender."""

    disable_nagle_algorithm = True
    timeout = 120

    def handle(self) -> None:
        try:
            self.converse()
        except (OSError, EOFError):
            # The sender was killed, or the sink closes.
            return

    def converse(self) -> None:
        recipient = ""
        self.say("220 sink")
        while command := self.rfile.readline().decode("ascii", "replace").strip():
            verb = command[:4].upper()
            if verb == "RCPT":
                recipient = command[command.index("<") + 1 : command.index(">")]
            if verb == "QUIT":
                self.say("221 bye")
                return
            if verb == "DATA":
                self.say("354 go on")
                self.take(recipient)
            else:
                self.say("250 fine")

    def take(self, recipient: str) -> None:
        """Takes a whole message; what ended in the middle counts as nothing."""
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            if not line:
                raise EOFError
            lines.append(line)
        sink, port = self.server.sink, self.server.server_address[1]
        silent = port in sink.silent
        sink.keep(Mail(port, recipient, time.monotonic(), b"".join(lines), accepted=not silent))
        if silent:
            self.connection.recv(1)
            raise EOFError
        time.sleep(sink.seconds_a_letter)
        self.say("250 taken")

    def say(self, line: str) -> None:
        self.wfile.write(line.encode() + b"\r\n")


class Listener(socketserver.ThreadingTCPServer):
    """One port of the sink."""

    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 64

    def __init__(self, port: int, sink: "MailSink") -> None:
        super().__init__(("127.0.0.1", port), Conversation)
        self.sink = sink


class MailSink:
    """All mail that was taken, by whichever port."""

    def __init__(self, ports: list[int], seconds_a_letter: float = 0.0) -> None:
        self.seconds_a_letter = seconds_a_letter
        self.silent: set[int] = set()
        self.mails: list[Mail] = []
        self.lock = threading.Lock()
        self.listeners = [Listener(port, self) for port in ports]
        for listener in self.listeners:
            threading.Thread(target=listener.serve_forever, daemon=True).start()

    def keep(self, mail: Mail) -> None:
        """Keeps a message."""
        with self.lock:
            self.mails.append(mail)

    def taken(self) -> list[Mail]:
        """What was taken and answered for so far, in its order."""
        with self.lock:
            return [mail for mail in self.mails if mail.accepted]

    def unanswered(self) -> list[Mail]:
        """What arrived whole while nothing was answered."""
        with self.lock:
            return [mail for mail in self.mails if not mail.accepted]

    def close(self) -> None:
        """Takes no more mail."""
        for listener in self.listeners:
            listener.shutdown()
            listener.server_close()


def copies(mails: list[Mail]) -> tuple[int, int]:
    """How many letters came more than once, and how many of those differed from one time to the next."""
    by_id: dict[bytes, list[bytes]] = {}
    for mail in mails:
        by_id.setdefault(mail.message_id, []).append(mail.data)
    repeated = [found for found in by_id.values() if len(found) > 1]
    return len(repeated), sum(len(set(found)) > 1 for found in repeated)
