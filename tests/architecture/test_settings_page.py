import pytest

from liasse.cli.settings import as_markdown
from liasse.config import env, values
from tests.architecture.sources import ROOT

pytestmark = pytest.mark.house


def test_the_page_of_settings_is_current() -> None:
    assert values.DATA.is_absolute()
    page = (ROOT / "docs" / "admin" / "settings.md").read_text(encoding="utf-8")
    assert page == as_markdown(), "run: liasse settings --markdown > docs/admin/settings.md"


def test_every_setting_says_what_it_does() -> None:
    assert [setting.name for setting in env.registry() if not setting.help.endswith(".")] == []
