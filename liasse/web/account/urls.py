"""Addresses of coming in, setting up, and a person's own choices."""

from __future__ import annotations

from django.urls import URLPattern, path

from liasse.web.account import views, views_proof, views_reset, views_security, views_ways

urlpatterns: list[URLPattern] = [
    path("", views.home, name="home"),
    path("sign-in/", views.sign_in, name="sign-in"),
    path("sign-in/code/", views_ways.sign_in_code, name="sign-in-code"),
    path("sign-in/code/check/", views_ways.sign_in_code_check, name="sign-in-code-check"),
    path("sign-in/factor/", views_ways.sign_in_factor, name="sign-in-factor"),
    path("sign-in/passkey/", views_ways.sign_in_passkey, name="sign-in-passkey"),
    path("sign-in/passkey/options/", views_ways.passkey_options, name="passkey-options"),
    path("sign-out/", views.sign_out, name="sign-out"),
    path("setup/", views.setup_form, name="setup-form"),
    path("setup/<str:token>/", views.setup, name="setup"),
    path("language/", views.language, name="language"),
    path("theme/", views.theme, name="theme"),
    path("practices/<uuid:practice_id>/switch/", views.practice_switch, name="practice-switch"),
    path("profile/", views.profile, name="profile"),
    path("profile/password/", views.password, name="profile-password"),
    path("team/<uuid:colleague_id>/factor/", views_reset.reset_factor, name="team-factor"),
    path("profile/prove/", views_proof.prove, name="prove"),
    path("profile/prove/code/", views_proof.prove_code, name="prove-code"),
    path("profile/address/", views_proof.address, name="address"),
    path("profile/address/check/", views_proof.address_check, name="address-check"),
    path("profile/security/", views_security.security, name="security"),
    path("profile/security/app/", views_security.app, name="security-app"),
    path("profile/security/app/remove/", views_security.app_remove, name="security-app-remove"),
    path("profile/security/recovery/", views_security.recovery, name="recovery"),
    path("profile/security/recovery/file/", views_security.recovery_file, name="recovery-file"),
    path("profile/security/passkeys/begin/", views_security.passkey_begin, name="passkey-begin"),
    path("profile/security/passkeys/", views_security.passkey_add, name="passkey-add"),
    path("profile/security/passkeys/<uuid:passkey_id>/", views_security.passkey, name="passkey"),
    path("profile/security/passkeys/<uuid:passkey_id>/remove/", views_security.passkey_remove, name="passkey-remove"),
    path("profile/security/sessions/end/", views_security.sessions_end, name="sessions-end"),
    path("profile/security/sessions/<uuid:place_id>/end/", views_security.session_end, name="session-end"),
]
