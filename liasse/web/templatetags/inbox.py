"""Filters for the figures of invoices."""

from __future__ import annotations

from babel.numbers import format_decimal
from django import template

from liasse.lib.money import parse_decimal
from liasse.ui.formats import active_locale

register = template.Library()


@register.filter
def quantity(value: str | None) -> str:
    """Give a number as the reader writes it, without zeros at its end; what is no number stays as it is."""
    number = parse_decimal(value)
    if number is None:
        return value or ""
    return format_decimal(number, format="#,##0.######", locale=active_locale())


@register.filter
def rate(value: str | None) -> str:
    """Give a rate with its sign for per cent."""
    return f"{quantity(value)}\u00a0%" if value else ""
