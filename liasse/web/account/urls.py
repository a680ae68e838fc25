"""Addresses of coming in, setting up, and a person's own choices."""

from __future__ import annotations

from django.urls import URLPattern, path

from liasse.web.account import views

urlpatterns: list[URLPattern] = [
    path("", views.home, name="home"),
    path("sign-in/", views.sign_in, name="sign-in"),
    path("sign-out/", views.sign_out, name="sign-out"),
    path("setup/", views.setup_form, name="setup-form"),
    path("setup/<str:token>/", views.setup, name="setup"),
    path("language/", views.language, name="language"),
    path("theme/", views.theme, name="theme"),
    path("practices/<uuid:practice_id>/switch/", views.practice_switch, name="practice-switch"),
    path("profile/", views.profile, name="profile"),
    path("profile/password/", views.password, name="profile-password"),
]
