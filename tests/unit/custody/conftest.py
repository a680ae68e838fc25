"""Two practices: one whose file leaves, one where it comes back."""

from __future__ import annotations

import pytest

from liasse.practices.models import Colleague
from liasse.practices.types import Role
from tests import factories
from tests.web.office import Office, build


@pytest.fixture
def office() -> Office:
    return build()


@pytest.fixture
def elsewhere() -> Colleague:
    """The administrator of another practice."""
    return factories.colleague(factories.practice("Cabinet Voisin"), "Victor Voisin", role=Role.ADMINISTRATOR)
