"""A small site of the style page: the real templates, static files and scripts, with made-up values and no database."""

import io
import mimetypes
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from socketserver import ThreadingMixIn
from threading import Thread
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from django.contrib.staticfiles import finders
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpRequest, HttpResponse
from django.template.backends.django import DjangoTemplates
from django.utils import translation
from django.utils.html import escape
from PIL import Image, ImageDraw

from tests.unit.ui import guide_data as data

CSP = "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'"
_TEMPLATES = Path(__file__).parent / "templates"


def engine() -> DjangoTemplates:
    return DjangoTemplates(
        {
            "NAME": "guide",
            "DIRS": [_TEMPLATES],
            "APP_DIRS": True,
            "OPTIONS": {"context_processors": ["django.template.context_processors.request"]},
        }
    )


def render(name: str, request: HttpRequest, **context: object) -> str:
    return engine().get_template(name).render(context, request)


def _list(request: HttpRequest) -> str:
    wanted = request.GET.get("q", "").lower()
    clients = [client for client in data.CLIENTS if wanted in client["name"].lower()]
    context = {"shell": data.SHELL, "clients": clients, "sort": request.GET.get("sort", "name"), "q": wanted}
    return render("styleguide/list.html", request, **context)


def _inbox(request: HttpRequest) -> str:
    context = {"shell": data.FILE_SHELL, "documents": data.DOCUMENTS, "tabs": data.TABS, "sort": "-received"}
    return render("styleguide/inbox.html", request, crumbs=data.CRUMBS[:1], **context)


def _document(request: HttpRequest) -> str:
    form = data.DocumentForm(initial=data.DOCUMENT)
    places = {"supplier": "1 0.08 0.06 0.42 0.085", "gross": "1 0.70 0.62 0.92 0.645", "number": "2 0.1 0.1 0.3 0.12"}
    context = {"shell": data.FILE_SHELL, "pages": data.PAGES, "form": form, "places": places, "crumbs": data.CRUMBS}
    return render("styleguide/document.html", request, **context)


def _settings(request: HttpRequest) -> str:
    form = data.SettingsForm(initial=data.SETTINGS)
    return render("styleguide/settings.html", request, shell=data.FILE_SHELL, form=form, crumbs=data.CRUMBS)


def _save(request: HttpRequest) -> HttpResponse:
    """What a settings view answers: the one field again, with its mark or its error."""
    name = request.path.rstrip("/").rsplit("/", 1)[-1]
    form = data.SettingsForm(data={**data.SETTINGS, name: request.POST.get(name, "")})
    field = form[name]
    state = "" if field.errors else "saved"
    context = {"field": field, "url": request.path, "state": state, "origin": "custom", "reset_url": request.path}
    text = render("ui/autosave_field.html", request, **context)
    return HttpResponse(text, status=200 if state else 422)


def _parts(request: HttpRequest) -> str:
    bad = data.SampleForm(data={"name": "", "email": "claire@", "channels": ["email"]})
    bad.add_error(None, "Le dossier a changé depuis que cette page a été ouverte.")
    context = {"shell": data.SHELL, "form": data.SampleForm(), "bad": bad, "tabs": data.TABS, "now": data.NOW}
    return render("styleguide/parts.html", request, **context)


def _wizard(request: HttpRequest) -> HttpResponse:
    step = int(request.path.rstrip("/").rsplit("/", 1)[-1])
    if request.method == "POST":
        here = int(request.POST["step"])
        step = here - 1 if request.POST.get("back") else here + 1
    form = data.SampleForm()
    if request.method == "POST" and step == 2 and not request.POST.get("name", "").strip():
        step, form = 1, data.SampleForm(data={"name": ""})
    if step > 2:
        done = HttpResponse(status=200)
        done["HX-Trigger"] = '{"close-dialog": true, "toast": {"text": "Le dossier est ouvert."}}'
        return done
    wizard = {"action": request.path, "step": step, "steps": 5, "has_back": step > 1}
    context = {"wizard": wizard, "form": form, "colleagues": data.COLLEAGUES}
    return HttpResponse(render(f"styleguide/wizard_{step}.html", request, **context))


def _files(request: HttpRequest) -> str:
    wanted = request.GET.get("q", "")
    files = [file for file in data.FILES if wanted.lower() in file.name.lower()]
    return render("ui/files_list.html", request, files=files, q=wanted, has_more=False)


def _more(request: HttpRequest) -> str:
    return render("styleguide/more_rows.html", request, clients=data.CLIENTS[:2])


def _broken(request: HttpRequest) -> HttpResponse:
    del request
    return HttpResponse("Le disque est plein.", status=503, content_type="text/plain; charset=utf-8")


def _page_image(request: HttpRequest) -> HttpResponse:
    del request
    image = Image.new("RGB", (1240, 1754), "white")
    pen = ImageDraw.Draw(image)
    for row in range(12):
        pen.rectangle((100, 480 + row * 50, 860 - row % 4 * 90, 494 + row * 50), fill="#d8d4cc")
        pen.rectangle((1000, 480 + row * 50, 1140, 494 + row * 50), fill="#d8d4cc")
    pen.rectangle((100, 110, 520, 146), fill="#57524a")
    pen.rectangle((870, 1092, 1140, 1126), fill="#57524a")
    out = io.BytesIO()
    image.save(out, "PNG")
    return HttpResponse(out.getvalue(), content_type="image/png")


def _screen(name: str, **context: object) -> Callable[[HttpRequest], str]:
    return lambda request: render(name, request, **context)


PORTAL: dict[str, Any] = {"shell": data.FILE_SHELL, "documents": data.DOCUMENTS}
SCREENS: dict[str, Callable[[HttpRequest], str]] = {
    "/list/": _list,
    "/inbox/": _inbox,
    "/document/": _document,
    "/settings/": _settings,
    "/parts/": _parts,
    "/sign-in/": _screen("styleguide/sign_in.html", form=data.SampleForm(), shell=data.SHELL),
    "/portal/": _screen("styleguide/portal.html", **PORTAL),
    "/error/": _screen("ui/error.html", status=404, title="Rien ici", sentence="Il n’y a rien à cette adresse."),
}
_FRAGMENTS: dict[str, Callable[[HttpRequest], str | HttpResponse]] = {
    "/files/": _files,
    "/more/": _more,
    "/wizard/": _wizard,
    "/save/": _save,
    "/broken/": _broken,
    "/page/": _page_image,
    "/confirm/": _screen("styleguide/confirm.html", action="/broken/"),
}


def answer(request: HttpRequest) -> HttpResponse:
    if request.path.startswith("/static/"):
        found = finders.find(request.path.removeprefix("/static/"))
        if not isinstance(found, str):
            return HttpResponse(f"no {escape(request.path)}", status=404)
        return HttpResponse(Path(found).read_bytes(), content_type=mimetypes.guess_type(found)[0])
    routes = SCREENS | _FRAGMENTS
    route = next((view for path, view in routes.items() if request.path.startswith(path)), None)
    if route is None:
        return HttpResponse("", status=404)
    with translation.override(request.COOKIES.get("language", "fr")):
        made = route(request)
    return made if isinstance(made, HttpResponse) else HttpResponse(made)


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
    response = answer(WSGIRequest(environ))
    headers = [(name, value) for name, value in response.items()]
    start_response(f"{response.status_code} {response.reason_phrase}", [*headers, ("Content-Security-Policy", CSP)])
    return [response.content]


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        pass


@contextmanager
def serving(port: int = 0) -> Iterator[str]:
    server = make_server("127.0.0.1", port, application, server_class=_Server, handler_class=_Quiet)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
