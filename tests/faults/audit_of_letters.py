"""Holds the outbox against what a mail server received: at least once, and always the same bytes."""

from collections import defaultdict

from audit_of_rows import Rows
from mail_server import Received

OUTBOX = "SELECT id, state, COALESCE(message_id, ''), COALESCE(last_error, '') FROM letters"


def complaints(rows: Rows, received: list[Received]) -> list[str]:
    """Letters that are lost, doubled with other bytes, still waiting, or dropped without a reason."""
    copies: dict[str, list[Received]] = defaultdict(list)
    for message in received:
        copies[message.message_id].append(message)
    found = differing(received)
    known = set()
    for letter, state, message_id, reason in rows(OUTBOX):
        known.add(letter)
        if state == "sent" and message_id not in copies:
            found.append(f"letter {letter} is marked as sent and never arrived")
        elif state == "cancelled" and not reason:
            found.append(f"letter {letter} was dropped without a reason")
        elif state not in ("sent", "cancelled"):
            found.append(f"letter {letter} is {state}: {reason}")
    strangers = {letter_of(message) for message in received} - known
    return found + [f"a letter {letter} arrived that no outbox knows" for letter in strangers]


def differing(received: list[Received]) -> list[str]:
    """Letters that arrived more than once and not as the same bytes for the same recipient."""
    copies: dict[str, set[Received]] = defaultdict(set)
    for message in received:
        copies[letter_of(message)].add(message)
    return [f"letter {letter} arrived in {len(kinds)} versions" for letter, kinds in copies.items() if len(kinds) > 1]


def repeated(received: list[Received]) -> int:
    """How many messages arrived again."""
    return len(received) - len({message.message_id for message in received})


def letter_of(message: Received) -> str:
    """The letter that a message is of: its identifier begins with the letter's."""
    return message.message_id.split(".", 1)[0]
