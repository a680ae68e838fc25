"""The tags and filters of the screens: `{% load ui %}`. Their parameters are listed in `liasse/ui/README.md`."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from urllib.parse import quote

from django import template
from django.http import HttpRequest
from django.template import Context
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, ngettext
from heroicons.templatetags.heroicons import heroicon_micro, heroicon_outline

from liasse.ui import formats
from liasse.ui.assets import asset_url
from liasse.ui.theme import chosen_theme

register = template.Library()

_BUTTON_VARIANTS = {"primary", "quiet", "ghost", "danger", "danger-solid"}
_TONES = {"neutral", "info", "ok", "warn", "danger", "busy"}
_TINY_ICON = 14


@register.simple_tag
def asset(name: str) -> str:
    return asset_url(name)


@register.simple_tag(takes_context=True)
def theme_name(context: Context) -> str:
    """`light` or `dark` when the person chose one, nothing when the system decides."""
    request = context.get("request")
    return chosen_theme(request if isinstance(request, HttpRequest) else None)


@register.simple_tag
def icon(name: str, *, size: int = 18, label: str = "", **attrs: object) -> SafeString:
    """A heroicon; decoration unless it has a label. At 14 px and below the filled drawing made for that size."""
    drawing = heroicon_micro if size <= _TINY_ICON else heroicon_outline
    classes = f"icon {attrs.pop('class', '')}".strip()
    if label:
        attrs |= {"role": "img", "aria_label": label, "aria_hidden": "false"}
    svg = drawing(name, size=size, **({"class": classes} | attrs))
    return SafeString(svg)  # Drawn by the heroicons package, which escapes the attributes.


@register.simple_tag
def button(label: str, *, variant: str = "quiet", icon: str = "", href: str = "", **attrs: object) -> SafeString:
    """A `<button>`, or an `<a>` when it has an `href`; other keywords become attributes (`hx_get` → `hx-get`).

    What fills the window (`hx_target="#dialog"`) is a button to everybody, even where it is a link without scripts.
    `only_icon=True` keeps the label for screen readers and as a tooltip; `small=True` is for table rows.
    """
    if variant not in _BUTTON_VARIANTS:
        raise template.TemplateSyntaxError(f"button: no variant {variant!r}.")
    only_icon, small = bool(attrs.pop("only_icon", False)), bool(attrs.pop("small", False))
    classes = ["btn", f"btn-{variant}", str(attrs.pop("class", ""))]
    classes += ["btn-icon"] if only_icon else []
    classes += ["btn-s"] if small else []
    attrs["class"] = " ".join(part for part in classes if part)
    if only_icon:
        attrs |= {"aria_label": label, "title": label}
    if href and attrs.get("hx_target") == "#dialog":
        attrs |= {"role": "button", "aria_haspopup": "dialog"}
    drawn = _button_icon(icon, size=16 if small else 18)
    text = "" if only_icon else format_html("<span>{}</span>", label)
    if href:
        return format_html('<a href="{}"{}>{}{}</a>', href, _flat(attrs), drawn, text)
    return format_html("<button{}>{}{}</button>", _flat({"type": "button"} | attrs), drawn, text)


def _button_icon(name: str, *, size: int) -> SafeString:
    return icon(name, size=size) if name else SafeString("")


@register.simple_tag
def status_chip(label: str, tone: str = "neutral", *, icon: str = "", title: str = "") -> SafeString:
    """A word with a coloured dot, or with an icon; the colour never stands alone."""
    if tone not in _TONES:
        raise template.TemplateSyntaxError(f"status_chip: no tone {tone!r}.")
    mark = _button_icon(icon, size=14) if icon else SafeString('<span class="chip-dot" aria-hidden="true"></span>')
    return format_html('<span class="chip chip-{}"{}>{}{}</span>', tone, _flat({"title": title or None}), mark, label)


@register.simple_tag
def copy_button(text: str, *, label: str = "", only_icon: bool = False, small: bool = True) -> SafeString:
    """Puts `text` on the clipboard and announces it."""
    return button(
        label or gettext("Copy"),
        variant="ghost",
        icon="clipboard-document",
        only_icon=only_icon,
        small=small,
        data_copy=text,
        data_copied=gettext("Copied"),
    )


@register.simple_tag(takes_context=True)
def sort_header(
    context: Context, label: str, *, key: str, numeric: bool = False, target: str = "", **attrs: object
) -> SafeString:
    """A `<th>` whose link sorts by `key`; the current order is `sort` in the context (`name`, or `-name` falling).

    The link keeps the page's query but drops the cursor `after`. With `target` it swaps that element through htmx.
    """
    current = str(context.get("sort", ""))
    state = {key: "ascending", f"-{key}": "descending"}.get(current)
    query = _query(context)
    query["sort"] = f"-{key}" if current == key else key
    href = f"?{'&'.join(f'{name}={value}' for name, value in _encoded(query))}"
    swap = {"hx_get": href, "hx_target": target, "hx_push_url": "true"} if target else {}
    classes = f"{'num ' if numeric else ''}{attrs.pop('class', '')}".strip()
    arrow = icon({"descending": "chevron-down"}.get(state or "", "chevron-up"), size=14, **{"class": "sort-mark"})
    return format_html(
        '<th scope="col"{}><a class="sort" href="{}"{}><span>{}</span>{}</a></th>',
        _flat({"class": classes or None, "aria_sort": state} | attrs),
        href,
        _flat(swap),
        label,
        arrow,
    )


def _query(context: Context) -> dict[str, str]:
    request = context.get("request")
    if not isinstance(request, HttpRequest):
        return {}
    return {
        name: value for name, value in request.GET.items() if name not in {"after", "sort"} and isinstance(value, str)
    }


def _encoded(query: Mapping[str, str]) -> list[tuple[str, str]]:
    return [(quote(name, safe=""), quote(value, safe="-")) for name, value in query.items()]


@register.filter
def initial(name: str) -> str:
    """The first letter or digit of a name, for the square beside it."""
    return next((character.upper() for character in str(name) if character.isalnum()), "·")


@register.simple_tag
def money(amount: Decimal | str | None, currency: str = "") -> str:
    return formats.format_money(amount, currency=currency or None)


@register.filter(name="money")
def money_filter(amount: Decimal | str | None, currency: str = "") -> str:
    return formats.format_money(amount, currency=currency or None)


@register.simple_tag
def day(value: date | str | None) -> SafeString:
    return _time(value, formats.format_day(value))


@register.simple_tag
def moment(value: datetime | None) -> SafeString:
    return _time(value, formats.format_moment(value))


@register.simple_tag
def ago(value: datetime | None) -> SafeString:
    return _time(value, formats.format_ago(value), title=formats.format_moment(value))


def _time(value: date | str | None, text: str, *, title: str | None = None) -> SafeString:
    if not value:
        return SafeString("")
    stamp = value if isinstance(value, str) else value.isoformat()
    return format_html("<time{}>{}</time>", _flat({"datetime": stamp, "title": title}), text)


register.filter("day", formats.format_day)
register.filter("moment", formats.format_moment)
register.filter("ago", formats.format_ago)
register.filter("filesize", formats.format_size)
register.filter("count", formats.format_count)
register.simple_tag(formats.format_size, name="filesize")


@register.filter
def numbers(last: int) -> range:
    """1, 2 … up to `last`."""
    return range(1, int(last or 0) + 1)


@register.filter
def breakable(address: str) -> SafeString:
    """An address that a narrow screen may break before its @, and is copied whole all the same."""
    before, at, after = str(address).partition("@")
    return format_html("{}<wbr>{}{}", before, at, after) if at else format_html("{}", before)


@register.filter
def plural_documents(number: int) -> str:
    """`1 document`, `1 204 documents`."""
    return ngettext("%(count)s document", "%(count)s documents", number) % {"count": formats.format_count(number)}


@register.filter
def place_text(place: object) -> str:
    """A place on a page as `page x0 y0 x1 y1` for `data-place`; it has those five attributes, or is that sequence."""
    if not place:
        return ""
    names = ("page", "x0", "y0", "x1", "y1")
    parts = place if isinstance(place, list | tuple) else [getattr(place, name) for name in names]
    return " ".join(str(part) for part in parts)


def _flat(attrs: Mapping[str, object]) -> SafeString:
    """Attributes with a space before each; True is bare, None and False are left out.

    Escaped always: Django takes a literal of a template for safe, and `hx_vals='{"a": 1}'` holds quotes.
    """
    parts = [
        f" {name.replace('_', '-')}" + ("" if value is True else f'="{escape(value)}"')
        for name, value in attrs.items()
        if value is not None and value is not False
    ]
    return mark_safe("".join(parts))  # noqa: S308 — every value is escaped above.
