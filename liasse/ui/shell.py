"""What a page around a screen needs to know; the entry points build it, the templates of `ui` draw it."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One line of the side menu.

    `icon` is a heroicons outline name. `count` is drawn at the right when it is above zero.
    """

    label: str
    url: str
    icon: str
    is_current: bool = False
    count: int = 0


@dataclass(frozen=True, kw_only=True)
class Shell:
    """All that `ui/shell.html`, `ui/portal.html` and `ui/plain.html` draw around a screen.

    The context name is `shell`. Every URL may be empty: what it would open is then left out. `theme_url` takes a POST
    with `theme` = light, dark or system and sets the cookie `theme` (absent = system); `language_url` takes a POST
    with `language` = fr or en. Both also get `next`, the path to come back to. `alarm` is a line above every screen.
    """

    account_name: str = ""
    entries: tuple[Entry, ...] = ()
    file_name: str = ""
    file_entries: tuple[Entry, ...] = ()
    home_url: str = "/"
    files_url: str = ""
    manage_url: str = ""
    user_name: str = ""
    user_email: str = ""
    profile_url: str = ""
    sign_out_url: str = ""
    theme_url: str = ""
    language_url: str = ""
    hand_in_url: str = ""
    alarm: "Offer | None" = None


@dataclass(frozen=True, kw_only=True)
class HandIn:
    """What `ui/hand_in.html` needs to hand files in.

    `who` tells apart the people who use one browser; `key` makes a form that is sent twice one. `owners` are pairs of
    id and name, none where there is no choice; sizes are in bytes, with the same as people read it. `asks_sender` is
    for those who are not signed in: they may say who they are, and choose nothing else.
    """

    action: str
    uploads_url: str
    outcomes_url: str
    who: str
    key: str
    limit: int
    limit_text: str
    zip_limit: int
    zip_limit_text: str
    sides: tuple[tuple[str, str], ...]
    owners: tuple[tuple[str, str], ...] = ()
    owner: str = ""
    asks_sender: bool = False


@dataclass(frozen=True, kw_only=True)
class FileLink:
    """One client file in Liste des dossiers, drawn by `ui/files_list.html`."""

    name: str
    url: str
    detail: str = ""
    is_current: bool = False


@dataclass(frozen=True, kw_only=True)
class Tab:
    """One tab of `ui/tabs.html`. `count` of None draws no number, 0 draws a quiet zero.

    While something is searched `found` is drawn instead: how many match in it ("3", "99+"), read out as `found_label`.
    """

    label: str
    url: str
    is_current: bool = False
    count: int | None = None
    found: str = ""
    found_label: str = ""


@dataclass(frozen=True, kw_only=True)
class Crumb:
    """One step of the breadcrumb of `ui/page_header.html`; the page itself is its title, not a crumb.

    `is_file` marks the name of the client file, which a renaming replaces without a reload.
    """

    label: str
    url: str = ""
    is_file: bool = False


@dataclass(frozen=True, kw_only=True)
class PageImage:
    """One page for `ui/viewer.html`. `width` and `height` are pixels of the image at `url`.

    `large_url` is a sharper image of the same page, loaded only when the person zooms in; `thumb_url` a small one.
    """

    number: int
    url: str
    width: int
    height: int
    thumb_url: str = ""
    large_url: str = ""
    turn: int = 0


@dataclass(frozen=True, kw_only=True)
class Offer:
    """Something that waits for an answer, said in one calm line at the top of a first screen."""

    text: str
    url: str
    label: str
    icon: str = "envelope-open"
