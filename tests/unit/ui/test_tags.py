import pytest
from django.template import Context, Engine, TemplateSyntaxError
from django.test import RequestFactory, override_settings

from liasse.ui.assets import AssetError, asset_url

ENGINE = Engine(libraries={"ui": "liasse.ui.templatetags.ui"}, builtins=["liasse.ui.templatetags.ui"])


def draw(text: str, **context: object) -> str:
    return ENGINE.from_string(text).render(Context(context))


def test_a_button_escapes_its_label_and_every_attribute() -> None:
    html = draw("""{% button name hx_vals='{"a": "<"}' data_x=name %}""", name='<b>"')
    assert "<b>" not in html
    assert 'hx-vals="{&quot;a&quot;: &quot;&lt;&quot;}"' in html
    assert 'data-x="&lt;b&gt;&quot;"' in html


def test_a_button_with_an_address_is_a_link() -> None:
    assert draw('{% button "Add" href="/a/?b=1&c=2" %}').startswith('<a href="/a/?b=1&c=2"')
    assert 'type="button"' in draw('{% button "Add" %}')


def test_an_icon_button_keeps_its_name() -> None:
    html = draw('{% button "Close" icon="x-mark" only_icon=True %}')
    assert 'aria-label="Close"' in html
    assert "<span>" not in html


@pytest.mark.parametrize("wrong", ['{% button "A" variant="pink" %}', '{% status_chip "A" "pink" %}'])
def test_an_unknown_look_is_an_error(wrong: str) -> None:
    with pytest.raises(TemplateSyntaxError):
        draw(wrong)


@pytest.mark.parametrize(
    ("sort", "state", "href"),
    [("name", "ascending", "-name"), ("-name", "descending", "name"), ("date", None, "name")],
)
def test_a_sorted_header_turns_round(sort: str, state: str | None, href: str) -> None:
    request = RequestFactory().get("/?q=a%26b&after=xyz&sort=old")
    html = draw('{% sort_header "Name" key="name" %}', request=request, sort=sort)
    assert f'href="?q=a%26b&amp;sort={href}"' in html
    assert (f'aria-sort="{state}"' in html) == (state is not None)
    assert ("aria-sort" in html) == (state is not None)


def test_the_theme_comes_from_the_cookie_and_nothing_else_does() -> None:
    request = RequestFactory().get("/")
    with override_settings(THEME_COOKIE_NAME="t"):
        request.COOKIES["t"] = "dark"
        assert draw("{% theme_name %}", request=request) == "dark"
        request.COOKIES["t"] = '"><script>'
        assert draw("{% theme_name %}", request=request) == ""


def test_an_asset_is_named_by_its_content() -> None:
    first, second = asset_url("ui/tokens.css"), asset_url("ui/base.css")
    assert first.startswith("/static/ui/tokens.css?v=")
    assert first.split("=")[1] != second.split("=")[1]
    with pytest.raises(AssetError, match=r"nothing\.css"):
        asset_url("ui/nothing.css")


def test_a_place_is_written_for_the_viewer() -> None:
    assert draw("{{ place|place_text }}", place=(1, 0.1, 0.2, 0.3, 0.4)) == "1 0.1 0.2 0.3 0.4"
    assert draw("{{ place|place_text }}", place=None) == ""


def test_an_address_may_break_before_its_at() -> None:
    assert draw("{{ a|breakable }}", a="<x@y") == "&lt;x<wbr>@y"
