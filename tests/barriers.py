"""What axe finds on a screen, asked in one way by every test that opens a browser."""

from __future__ import annotations

from typing import Any, Final

from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Error, Page

_AXE: Final = Axe()
_VIOLATIONS: Final = {"resultTypes": ["violations"]}
_TRIES: Final = 3


def barriers(page: Page, *, without: tuple[str, ...] = ()) -> list[str]:
    """Give what keeps people out of the screen, one text each: the rule, the element, and why.

    A screen that makes way for another while axe reads it (a link's click returns before the next page is there) is
    no answer, and axe ends in an error: the one that comes is read instead. `without` names rules not to be asked.
    """
    options: dict[str, Any] = _VIOLATIONS | {"rules": {name: {"enabled": False} for name in without}}
    for last in range(_TRIES - 1, -1, -1):
        page.wait_for_load_state()
        try:
            found = _AXE.run(page, options=options).response["violations"]
        except Error:
            if not last:
                raise
        else:
            return [f"{one['id']}: {node['html'][:160]} {node['any'][:1]}" for one in found for node in one["nodes"]]
    raise AssertionError
