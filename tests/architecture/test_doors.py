"""Where a session opens, who may leave out the proof of a form, where chance comes from: each in known places alone."""

import ast
import re
from pathlib import Path

import pytest
from django.conf import settings

from tests.architecture.sources import LIASSE, files, name, tree

pytestmark = pytest.mark.house
ENTRANCES = {"liasse/web/account/entering.py", "liasse/portal/views_invitation.py"}
"""Signing in; and somebody new, who has just proved the invited address."""
BY_THEMSELVES = {"liasse/web/hooks/views.py", "liasse/api/arrivals/views.py", "liasse/api/v1/views.py"}
"""Called by machines that show a secret, without a browser's cookies."""
PASTED_FILES = {"liasse/ui/static/ui/hand_in.js"}
"""Takes pasted files to be handed in, and lets pasted text through."""
JITTER = {"liasse/messaging/delivery.py"}
"""Pauses that nobody need guess."""


def sources() -> list[Path]:
    return [path for path in files(".py") if path.is_relative_to(LIASSE) and "migrations" not in path.parts]


def importers(module: str, *names: str) -> set[str]:
    """The files that take one of these names from a module; without names, the module itself."""
    found = set()
    for path in sources():
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.ImportFrom) and node.module == module:
                if not names or {alias.name for alias in node.names} & set(names):
                    found.add(name(path))
            elif isinstance(node, ast.Import) and not names and module in {alias.name for alias in node.names}:
                found.add(name(path))
    return found


def test_a_session_opens_in_two_places_alone() -> None:
    assert importers("django.contrib.auth", "login", "alogin") == ENTRANCES


def test_nobody_but_the_account_s_own_services_judges_a_password() -> None:
    calls = {
        name(path)
        for path in sources()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Attribute) and node.attr in {"check_password", "set_password"}
    }
    assert calls == {"liasse/identity/services.py"}


def test_only_machines_come_without_the_proof_of_a_form() -> None:
    assert importers("django.views.decorators.csrf", "csrf_exempt") == BY_THEMSELVES
    assert "django.middleware.csrf.CsrfViewMiddleware" in settings.MIDDLEWARE


def test_no_secret_comes_from_a_generator_that_can_be_foretold() -> None:
    assert {path for path in importers("random") if not path.startswith("liasse/cli/demo")} == JITTER


def test_no_page_or_script_hinders_pasting_and_password_managers() -> None:
    hinders = re.compile(r"onpaste|addEventListener\(\s*[\"']paste|autocomplete=[\"']off[\"'][^>]*type=[\"']password")
    found = [path for path in files(".html", ".js") if path.is_relative_to(LIASSE)]
    assert len(found) > 50
    assert {name(path) for path in found if hinders.search(path.read_text())} <= PASTED_FILES
