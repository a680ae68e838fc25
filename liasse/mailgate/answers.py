"""The replies that more than one place gives, and what a peer may say."""

from __future__ import annotations

FAULT = "451 4.3.0 Something is wrong on our side, try again later"
NO_ROOM = "452 4.3.1 Not enough room on our disk, try again later"
TOO_LARGE = "552 5.3.4 Message too large"
BUSY = "451 4.3.2 Too many large messages at once, try again later"
LOOP = "554 5.4.6 This message goes round in circles"
TOO_MUCH_MAIL = "451 4.7.1 Too many messages for now, try again later"
GREYLISTED = "451 4.7.1 Come back in a few minutes"

COMMANDS = frozenset({"HELO", "EHLO", "MAIL", "RCPT", "DATA", "RSET", "NOOP", "QUIT", "VRFY", "HELP", "STARTTLS"})


class HangUpError(Exception):
    """The session ends with this reply."""

    def __init__(self, reply: str) -> None:
        """Keep the reply."""
        super().__init__(reply)
        self.reply = reply


def read_parameters(parameters: list[str]) -> tuple[int, str]:
    """Read the parameters of MAIL; gives the announced size, and the reply that refuses them or ""."""
    declared = 0
    for parameter in parameters:
        name, _, value = parameter.upper().partition("=")
        if name == "SIZE" and value.isascii() and value.isdigit():
            declared = int(value[:20])
        elif (name, value) not in {("BODY", "7BIT"), ("BODY", "8BITMIME"), ("SMTPUTF8", "")}:
            return 0, "555 5.5.4 Parameter not known"
    return declared, ""
