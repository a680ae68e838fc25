"""The root of all addresses: the practice's screens, the client's, and the error pages."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [
    path("", include("liasse.web.urls")),
    path("", include("liasse.portal.urls")),
    path("", include("liasse.api.urls")),
]

handler400 = "liasse.ui.errors.bad_request"
handler403 = "liasse.ui.errors.forbidden"
handler404 = "liasse.ui.errors.not_found"
handler500 = "liasse.ui.errors.server_error"
