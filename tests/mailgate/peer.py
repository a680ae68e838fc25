"""A real SMTP peer on a plain socket, and a player of written dialogues."""

import socket
import ssl
from pathlib import Path
from typing import Self

END = b"\r\n.\r\n"


class Peer:
    """Says exactly the bytes it is told to, and reads whole replies."""

    def __init__(self, port: int, *, timeout: float = 10) -> None:
        self.socket: socket.socket = socket.create_connection(("127.0.0.1", port), timeout=timeout)
        self._file = self.socket.makefile("rb")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()
        self.socket.close()

    def send(self, raw: bytes) -> None:
        self.socket.sendall(raw)

    def line(self) -> str:
        return self._file.readline().decode().rstrip("\r\n")

    def reply(self) -> str:
        """Read a whole reply; "" when the connection is closed."""
        lines = [self.line()]
        while lines[-1][3:4] == "-":
            lines.append(self.line())
        return "\n".join(lines)

    def say(self, command: str) -> str:
        self.send(command.encode() + b"\r\n")
        return self.reply()

    def begin(self, *recipients: str) -> list[str]:
        """Go as far as the content; gives the replies to the recipients."""
        assert self.reply().startswith("220 ")
        assert self.say("EHLO peer.example").startswith("250-")
        assert self.say("MAIL FROM:<sender@example.org>").startswith("250 ")
        return [self.say(f"RCPT TO:<{recipient}>") for recipient in recipients]

    def data(self, content: bytes) -> str:
        assert self.say("DATA").startswith("354 ")
        self.send(content + END)
        return self.reply()

    def start_tls(self, context: ssl.SSLContext) -> None:
        self._file.close()
        self.socket = context.wrap_socket(self.socket, server_hostname="liasse.example")
        self._file = self.socket.makefile("rb")

    def is_closed(self) -> bool:
        try:
            return self.socket.recv(1) == b""
        except ConnectionError:
            return True


def play(path: Path, *, port: int) -> None:
    """Play a dialogue: ``C:`` is said, ``S:`` expected to the letter, ``C|`` said raw, ``=`` the end.

    A ``S:`` line that ends in … may go on.
    """
    with Peer(port) as peer:
        for number, step in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            kind, text = step[:2], step[3:]
            if kind == "C:":
                peer.send(text.encode() + b"\r\n")
            elif kind == "C|":
                peer.send(text.encode().decode("unicode_escape").encode("latin-1"))
            elif kind == "S:":
                heard = peer.line()
                same = heard.startswith(text[:-1]) if text.endswith("…") else heard == text
                assert same, f"{path.name}:{number}: expected {text!r}, heard {heard!r}"
            elif kind == "==":
                assert peer.is_closed(), f"{path.name}:{number}: still open"
            else:
                assert not step or step.startswith("#"), f"{path.name}:{number}: what is {step!r}?"
