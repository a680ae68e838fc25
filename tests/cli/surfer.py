"""A browser without a screen on a real instance: cookies, forms, and what the last page said."""

from __future__ import annotations

import re
import urllib.error
import urllib.request
from html import unescape
from http.cookiejar import CookieJar
from urllib.parse import urlencode

SET_UP = {
    "practice_name": "Cabinet Müller & Fils",
    "person_name": "Anne Müller",
    "email": "anne@muller.example",
    "password": "quatre mots au hasard",
}


class Surfer:
    """Goes where it is told and posts back what the last form held."""

    def __init__(self, root: str) -> None:
        self.root = root.rstrip("/")
        self.last = ""
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
        self.page = ""

    def get(self, address: str, *, htmx: bool = False) -> str:
        return self._ask(address, None, htmx=htmx)

    def post(self, address: str, words: dict[str, str], *, htmx: bool = False) -> str:
        token = self.held("csrfmiddlewaretoken")
        return self._ask(address, urlencode({"csrfmiddlewaretoken": token, **words}).encode(), htmx=htmx)

    def held(self, name: str) -> str:
        found = re.search(rf'name="{name}" value="([^"]*)"', self.page)
        assert found, f"no {name} in {self.page[:2000]}"
        return unescape(found[1])

    def set_up(self, link: str) -> None:
        self.get(link)
        self.post(self.last, SET_UP)

    def open_file(self, name: str, *, email: str, phone: str = "", **ways: str) -> None:
        """Fill in the window that opens a client file and invites; the last click is left."""
        self.get("/clients/new/", htmx=True)
        for words in (
            {"name": name, "sector": ""},
            {"contact_name": "Paul Lépi", "email": email},
            {"phone": phone, **ways},
        ):
            self._step(**words)

    def confirm(self) -> str:
        """Make the last click."""
        return self._step()

    def _step(self, **words: str) -> str:
        held = {"at": self.held("at"), "state": self.held("state")}
        return self.post("/clients/new/", held | words, htmx=True)

    def _ask(self, address: str, body: bytes | None, *, htmx: bool) -> str:
        url = address if address.startswith("http") else self.root + address
        headers = {"Accept-Language": "fr"} | ({"HX-Request": "true"} if htmx else {})
        try:
            with self.opener.open(urllib.request.Request(url, body, headers), timeout=20) as answer:  # noqa: S310
                self.last, self.page = answer.geturl(), answer.read().decode()
        except urllib.error.HTTPError as error:
            self.page = error.read().decode()
            if error.code != 422:
                raise
        return self.page
