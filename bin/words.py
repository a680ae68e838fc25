"""Keep the catalogues of translations in step with the code: `update`, `compile` or `check`.

Every top package P of liasse/ has its own catalogue, liasse/P/locale/fr/LC_MESSAGES/django.po. The messages are
taken from Python with Babel and from templates with Django's own translation of a template into Python calls.
"""

import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
LANGUAGE = "fr"
# Babel's own description of where a call keeps its messages.
type Spot = int | tuple[int, int] | tuple[int, str]
type Places = dict[int | None, tuple[Spot, ...] | None] | tuple[Spot, ...] | None
_FLAVOURS: dict[str, Places] = {
    "gettext": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
KEYWORDS: dict[str, Places] = {
    "_": None,
    "gettext_noop": None,
    **_FLAVOURS,
    **{f"{name}_lazy": places for name, places in _FLAVOURS.items()},
}
_PLACEHOLDER = re.compile(r"%\([a-z_0-9]+\)[sdf]|%[sd]|\{[a-z_0-9.]*\}")
_ENTITY = re.compile(r"&#?\w+;")
# A narrow no-break space is what French asks for here; an ordinary one lets the sign fall to the next line.
_BAD_SPACE = re.compile(r"[ \u00a0][;!?»]|[ \u00a0]:(?!//)|«[ \u00a0]|\w[;!?](?=\s|$)|\w»|«\w")


def main(what: str) -> int:
    """Do one of the three; 1 when `check` found something, each finding on its own line."""
    settings.configure()
    if what == "update":
        for package in packages():
            update(package)
        return 0
    if what == "compile":
        for source in sorted(ROOT.glob("liasse/*/locale/*/LC_MESSAGES/django.po")):
            compile_catalogue(source)
        return 0
    if what == "check":
        findings = [finding for package in packages() for finding in check(package)]
        findings += quarrels()
        print("\n".join(findings) or "Every message is translated.")
        return 1 if findings else 0
    print("Say one of: update, compile, check.", file=sys.stderr)
    return 2


def packages() -> list[Path]:
    """Give the packages that have words for people."""
    return [path for path in sorted((ROOT / "liasse").iterdir()) if path.is_dir() and any(messages_of(path))]


def messages_of(package: Path) -> Iterator[tuple[str, str | tuple[str, ...], str | None]]:
    """Give each message of a package: the file, the English, the context."""
    for path in sorted([*package.rglob("*.py"), *package.rglob("templates/**/*.*")]):
        text = path.read_text(encoding="utf-8")
        if path.suffix in {".html", ".txt"}:
            # What stands between the tags keeps its blanks, and an indented call is no Python.
            text = "\n".join(line.strip() for line in templatize(text, origin=str(path)).splitlines())
        elif path.suffix != ".py":
            continue
        code = io.BytesIO(text.encode())
        for _line, message, _comments, context in extract("python", code, KEYWORDS, options={"encoding": "utf-8"}):
            yield str(path.relative_to(ROOT)), message, context


def catalogue_path(package: Path) -> Path:
    """Say where the catalogue of a package is."""
    return package / "locale" / LANGUAGE / "LC_MESSAGES" / "django.po"


def read(path: Path) -> Catalog:
    """Read a catalogue; a missing one is empty."""
    if not path.exists():
        return Catalog(locale=LANGUAGE, domain="django")
    with path.open("rb") as file:
        return read_po(file, locale=LANGUAGE, domain="django", abort_invalid=True)


def update(package: Path) -> None:
    """Add what is new to the catalogue, empty, and drop what is gone. What is translated stays as it is."""
    path = catalogue_path(package)
    old = read(path)
    new = Catalog(locale=LANGUAGE, domain="django", header_comment="", charset="utf-8", fuzzy=False)
    new.plural_expr  # noqa: B018  Set from the locale on first reading.
    for file, message, context in messages_of(package):
        kept = old.get(message[0] if isinstance(message, tuple) else message, context)
        string = kept.string if kept is not None else ("", "") if isinstance(message, tuple) else ""
        new.add(message, string, locations=[(file, 0)], context=context)
    path.parent.mkdir(parents=True, exist_ok=True)
    buffer = io.BytesIO()
    write_po(buffer, new, width=100, sort_by_file=True, include_lineno=False, ignore_obsolete=True)
    # A date would make every update a change.
    lines = [
        line
        for line in buffer.getvalue().decode().splitlines()
        if not re.match(r'"(POT?-[A-Za-z]+-Date|Last-T|Language-Team|Report)', line)
    ]
    path.write_text("\n".join(lines).strip() + "\n", encoding="utf-8")


def compile_catalogue(source: Path) -> None:
    """Write the .mo beside a .po, whole or not at all."""
    fresh = source.with_suffix(".mo.new")
    with fresh.open("wb") as file:
        write_mo(file, read(source))
    fresh.replace(source.with_suffix(".mo"))


def check(package: Path) -> Iterator[str]:
    """Say what a package's catalogue lacks: a translation, a placeholder, a French space."""
    catalogue = read(catalogue_path(package))
    seen: set[tuple[str | None, str]] = set()
    for file, message, context in messages_of(package):
        singular = message[0] if isinstance(message, tuple) else message
        if (context, singular) in seen:
            continue
        seen.add((context, singular))
        for problem in _problems(catalogue.get(singular, context), message):
            yield f"{package.name}: {problem}: “{singular}” ({file})"


def quarrels() -> Iterator[str]:
    """Say which English has two translations: Django merges the catalogues, and one of them would win by chance."""
    said: dict[tuple[str | None, str], dict[tuple[str, ...], str]] = {}
    for package in packages():
        for entry in read(catalogue_path(package)):
            singular = entry.id[0] if isinstance(entry.id, list | tuple) else entry.id
            if singular:
                said.setdefault((entry.context, singular), {}).setdefault(_strings(entry), package.name)
    for (_context, singular), translations in said.items():
        if len(translations) > 1:
            yield f"{', '.join(translations.values())}: translated differently, needs a context: “{singular}”"


def _problems(entry: Message | None, message: str | tuple[str, ...]) -> Iterator[str]:
    sources = message if isinstance(message, tuple) else (message,)
    strings = _strings(entry)
    if entry is None or not strings or not all(strings):
        yield "not translated"
        return
    if entry.fuzzy:
        yield "translation marked fuzzy"
    wanted = set(_PLACEHOLDER.findall(sources[-1]))
    for string in strings:
        # One may be said in words in the singular, so a singular need not show the number.
        if (string is strings[-1] or len(strings) == 1) and set(_PLACEHOLDER.findall(string)) != wanted:
            yield f"placeholders differ in “{string}”"
        if _BAD_SPACE.search(_ENTITY.sub("", string)):
            yield f"ordinary space at ; : ! ? « » in “{string}”"


def _strings(entry: Message | None) -> tuple[str, ...]:
    if entry is None:
        return ()
    strings = entry.string if isinstance(entry.string, list | tuple) else (entry.string,)
    return tuple(string or "" for string in strings)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else ""))
