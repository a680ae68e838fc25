"""Addresses of the practice's screens, one area a line."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("liasse.web.account.urls")),
    path("clients/", include("liasse.web.clients.urls")),
    path("files/<uuid:file_id>/", include("liasse.web.inbox.urls")),
    path("files/<uuid:file_id>/", include("liasse.web.suppliers.urls")),
    path("files/<uuid:file_id>/", include("liasse.web.hand_in.urls")),
    path("files/<uuid:file_id>/", include("liasse.web.reception.urls")),
    path("files/<uuid:file_id>/", include("liasse.web.links.urls")),
    path("files/<uuid:file_id>/", include("liasse.web.settings.urls")),
    path("files/<uuid:file_id>/", include("liasse.web.sight.urls")),
    path("files/<uuid:file_id>/", include("liasse.web.outside.urls")),
    path("", include("liasse.web.trail.urls")),
    path("", include("liasse.web.whole.urls")),
    path("", include("liasse.web.rosters.urls")),
    path("arrivals/", include("liasse.web.arrivals.urls")),
    path("files/<uuid:file_id>/", include("liasse.web.arrivals.urls_file")),
    path("follow-up/", include("liasse.web.follow_up.urls")),
    path("team/", include("liasse.web.team.urls")),
    path("outbox/", include("liasse.web.outbox.urls")),
    path("hooks/", include("liasse.web.hooks.urls")),
    path("practice/tokens/", include("liasse.web.tokens.urls")),
    path("practice/", include("liasse.web.practice.urls")),
]
