"""The portal as an app on a phone: its page, which is nobody's and works without a line, and who is asking."""

from __future__ import annotations

import hashlib
import json
from typing import Any, Final

from django.conf import settings
from django.http import HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from liasse.clients.addresses import addresses_of_members
from liasse.clients.models import Member
from liasse.clients.reach import files_of_member_user
from liasse.core.access import Rule, access
from liasse.intake import uploads
from liasse.portal.requests import MemberRequest
from liasse.ui.assets import asset_url
from liasse.ui.theme import chosen_theme

_STYLES: Final = (
    *(f"ui/{name}.css" for name in ("tokens", "base", "layout", "components", "feedback")),
    "portal/phone/phone.css",
)
_SCRIPTS: Final = tuple(f"portal/phone/{name}.js" for name in ("app", "rows", "queue", "look", "camera"))
_ICONS: Final = ("ui/mark.svg", "portal/phone/icon-192.png")


@access(Rule.PUBLIC)
@require_safe
@never_cache
def send(request: MemberRequest) -> HttpResponse:
    """Give the app's page, which is kept on the phone and so says nothing of anybody: its script asks who is there."""
    language = request.GET.get("language", "")
    if language not in dict(settings.LANGUAGES):
        return _page(request)
    with translation.override(language):
        return _page(request)


def _page(request: MemberRequest) -> HttpResponse:
    return render(request, "portal/phone.html", _context())


def _context() -> dict[str, Any]:
    limits = uploads.limits()
    return {
        "limit": limits.file_bytes,
        "limit_text": uploads.megabytes(limits.file_bytes),
        "zip_limit": limits.archive_bytes,
        "zip_limit_text": uploads.megabytes(limits.archive_bytes),
        "styles": [asset_url(name) for name in _STYLES],
    }


def _pages() -> list[str]:
    """Give the page in each language, as it is kept on phones."""
    found: list[str] = []
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            found.append(render_to_string("portal/phone.html", _context()))
    return found


@access(Rule.SIGNED_IN)
@require_safe
@never_cache
def me(request: MemberRequest) -> JsonResponse:
    """Say who is signed in and into which files they hand in; two queries."""
    members = files_of_member_user(request.user.id)
    addresses = addresses_of_members(members)
    found = {
        "id": str(request.user.id),
        "name": request.user.name,
        "language": translation.get_language(),
        "theme": chosen_theme(request),
        "token": get_token(request),
        "files": [_file(member, addresses.get(member.id, ("", ""))) for member in members],
    }
    return JsonResponse(found)


def _file(member: Member, parts: tuple[str, str]) -> dict[str, Any]:
    file = member.client_file
    shared, own = (f"{part}@{settings.LIASSE_MAIL_DOMAIN}" if part else "" for part in parts)
    return {
        "id": str(file.id),
        "name": file.name,
        "detail": file.practice.name if file.practice.is_firm else _("No practice"),
        "is_active": file.is_active,
        "address": shared,
        "own_address": own,
        "url": reverse("portal-file", args=[file.id]),
        "uploads": reverse("portal-uploads", args=[file.id]),
        "outcomes": reverse("portal-uploads-outcomes", args=[file.id]),
    }


@access(Rule.PUBLIC)
@require_safe
def manifest(request: MemberRequest) -> JsonResponse:
    """Give what a phone needs to install the app, and to name it among those that files can be shared with."""
    del request
    address = reverse("portal-phone")
    icons = [
        {"src": static(f"portal/phone/{name}.png"), "sizes": f"{size}x{size}", "type": "image/png", "purpose": purpose}
        for name, size, purpose in (
            ("icon-192", 192, "any"),
            ("icon-512", 512, "any"),
            ("icon-maskable-512", 512, "maskable"),
        )
    ]
    found = {
        "id": address,
        "name": "Liasse",
        "short_name": "Liasse",
        "description": _("Hand documents in to your practice."),
        "lang": translation.get_language(),
        "start_url": address,
        "scope": reverse("portal-home"),
        "display": "standalone",
        "orientation": "portrait",
        "background_color": "#fbfaf8",
        "theme_color": "#17704a",
        "icons": [*icons, {"src": static("ui/mark.svg"), "sizes": "any", "type": "image/svg+xml"}],
        "shortcuts": [{"name": pgettext("phone", "Take a picture"), "url": f"{address}?start=camera"}],
        "share_target": {
            "action": address,
            "method": "POST",
            "enctype": "multipart/form-data",
            "params": {"files": [{"name": "files", "accept": _SHARED}]},
        },
    }
    return JsonResponse(found, content_type="application/manifest+json", headers={"Vary": "Accept-Language, Cookie"})


_SHARED: Final = [
    "image/*",
    "application/pdf",
    "application/xml",
    "text/xml",
    "application/zip",
    "message/rfc822",
    ".pdf",
    ".xml",
    ".heic",
    ".heif",
    ".eml",
    ".zip",
]


@access(Rule.PUBLIC)
@require_safe
@never_cache
def worker(request: MemberRequest) -> HttpResponse:
    """Give the service worker; its text changes with the app's page and files, so that phones take them anew."""
    del request
    address = reverse("portal-phone")
    assets = [asset_url(name) for name in (*_STYLES, *_SCRIPTS, *_ICONS)]
    worker_url, queue_url = asset_url("portal/phone/worker.js"), asset_url("portal/phone/queue.js")
    told = {
        "pages": {code: f"{address}?language={code}" for code, _name in settings.LANGUAGES},
        "assets": assets,
        "meUrl": reverse("portal-me"),
        "sharePath": address,
    }
    seen = json.dumps([told, worker_url, *_pages()], sort_keys=True)
    told["version"] = hashlib.sha256(seen.encode()).hexdigest()[:12]
    lines = [
        f"import {{ start }} from {json.dumps(worker_url)};",
        f"import * as queue from {json.dumps(queue_url)};",
        f"start({json.dumps(told)}, queue);",
        "",
    ]
    return HttpResponse("\n".join(lines), content_type="text/javascript; charset=utf-8")
