"""One Liasse of one size, that answers a page at a time and says how long it took. Started by pages.py."""

from __future__ import annotations

import gc
import json
import os
import sys
import time
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from liasse.cli.project import migrate, open_project

if TYPE_CHECKING:
    from seed import Seeded


def main() -> int:
    """Seed, say so, then answer one order a line: {"page", "who", "turn", "count"}."""
    files, documents = int(sys.argv[1]), int(sys.argv[2])
    open_project()
    migrate()
    from seed import Seeded, seed  # noqa: PLC0415 - only an open project has tables

    began, busy = time.monotonic(), time.process_time()
    # A kept practice is measured as it is; its tables were migrated like a customer's.
    note = Path(os.environ["LIASSE_DATA"]) / "seeded.json"
    seeded = Seeded(**json.loads(note.read_text())) if note.exists() else seed(files=files, documents=documents)
    note.write_text(json.dumps(asdict(seeded)))
    _say(
        {"seconds": time.monotonic() - began, "cpu": time.process_time() - busy, "has_heavy": seeded.heavy is not None}
    )
    office = _Office(seeded)
    gc.collect()
    for line in sys.stdin:
        _say(office.answer(**json.loads(line)))
    return 0


class _Office:
    """Two people, signed in, and the addresses of the pages."""

    def __init__(self, seeded: Seeded) -> None:
        from django.test import Client  # noqa: PLC0415 - only an open project has tables
        from django.urls import reverse  # noqa: PLC0415 - only an open project has addresses

        from liasse.identity.models import User  # noqa: PLC0415 - only an open project has tables

        self._seeded = seeded
        self._list = reverse("files-list")
        self._people = {}
        for who in ("administrator", "restricted"):
            self._people[who] = Client(HTTP_HOST="127.0.0.1", HTTP_ACCEPT_LANGUAGE="fr")
            self._people[who].force_login(User.objects.get(id=getattr(seeded, who)))

    def answer(self, *, page: str, who: str, turn: int, count: bool) -> dict[str, float | int]:
        from django.db import connection  # noqa: PLC0415 - only an open project has tables
        from django.test.utils import CaptureQueriesContext  # noqa: PLC0415 - only an open project has tables

        url, browser = self._url(page, turn), self._people[who]
        if count:
            with CaptureQueriesContext(connection) as queries:
                browser.get(url)
            return {"queries": len(queries)}
        began = time.perf_counter()
        response = browser.get(url)
        taken = time.perf_counter() - began
        assert response.status_code == 200, (url, response.status_code)
        return {"ms": taken * 1000, "bytes": len(response.content)}

    def _url(self, page: str, turn: int) -> str:
        name, _, words = page.partition("?")
        if name == "clients":
            return f"/clients/{'?' if words else ''}{words}"
        if name == "list":
            return f"{self._list}?{words}"
        files = self._seeded.files
        file, documents = self._seeded.heavy if name.startswith("heavy") else files[turn % len(files)]
        if name.endswith("document"):
            return f"/files/{_dashed(file)}/documents/{_dashed(documents[turn * 7 % len(documents)])}/"
        if name.endswith(("receipts", "settings")):
            return f"/files/{_dashed(file)}/{name.rpartition('-')[2]}/"
        return f"/files/{_dashed(file)}/inbox/?{words or urlencode({'tab': 'to-review'})}"


def _dashed(text: str) -> str:
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def _say(words: dict[str, Any]) -> None:
    print(json.dumps(words), flush=True)


if __name__ == "__main__":
    sys.exit(main())
