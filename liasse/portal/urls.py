"""Addresses of the client's screens, and of the link that lets a person in."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from liasse.portal import (
    views,
    views_accountant,
    views_deposit,
    views_document,
    views_hand_in,
    views_invitation,
    views_mail,
    views_members,
    views_phone,
)

_REQUEST = "portal/<uuid:file_id>/accountant/requests/<uuid:request_id>/"
_DOCUMENT = "portal/<uuid:file_id>/documents/<uuid:document_id>/"
_MEMBER = "portal/<uuid:file_id>/members/<uuid:member_id>/"

urlpatterns: list[URLPattern | URLResolver] = [
    path("portal/", views.home, name="portal-home"),
    path("portal/send/", views_phone.send, name="portal-phone"),
    path("portal/me/", views_phone.me, name="portal-me"),
    path("portal/app.webmanifest", views_phone.manifest, name="portal-manifest"),
    path("portal/sw.js", views_phone.worker, name="portal-worker"),
    path("portal/files/", views.files, name="portal-files"),
    path("portal/<uuid:file_id>/", views.file, name="portal-file"),
    path(_DOCUMENT, views_document.document, name="portal-document"),
    path(f"{_DOCUMENT}pages/<int:page>/", views_document.page_image, name="portal-document-page"),
    path(f"{_DOCUMENT}original/", views_document.original, name="portal-document-original"),
    path("portal/<uuid:file_id>/hand-in/", views_hand_in.hand_in, name="portal-hand-in"),
    path("portal/<uuid:file_id>/accountant/", views_accountant.accountant, name="portal-accountant"),
    path("portal/<uuid:file_id>/accountant/allow/", views_accountant.allow, name="portal-accountant-allow"),
    path("portal/<uuid:file_id>/accountant/leave/", views_accountant.leave, name="portal-accountant-leave"),
    path(f"{_REQUEST}accept/", views_accountant.accept_request, name="portal-request-accept"),
    path(f"{_REQUEST}refuse/", views_accountant.refuse_request, name="portal-request-refuse"),
    path("portal/<uuid:file_id>/tasks/<uuid:receipt_id>/done/", views_mail.task_done, name="portal-task-done"),
    path("portal/<uuid:file_id>/members/", views_members.members, name="portal-members"),
    path("portal/<uuid:file_id>/members/new/", views_members.add, name="portal-member-add"),
    path(_MEMBER, views_members.change, name="portal-member"),
    path(f"{_MEMBER}invite/", views_members.invite, name="portal-member-invite"),
    path(f"{_MEMBER}resend/", views_members.resend, name="portal-member-resend"),
    path(f"{_MEMBER}revoke/", views_members.revoke, name="portal-member-revoke"),
    path(f"{_MEMBER}link/", views_members.link, name="portal-member-link"),
    path(f"{_MEMBER}remove/", views_members.remove, name="portal-member-remove"),
    path("deposit/<str:token>/", views_deposit.deposit, name="deposit"),
    path("invitations/", views_invitation.invitation_form, name="invitation-form"),
    path("invitations/own/<uuid:invitation_id>/", views_invitation.own_invitation, name="invitation-own"),
    path("invitations/decline/", views_invitation.decline_invitation, name="invitation-decline"),
    path("invitations/code/", views_invitation.ask_for_code, name="invitation-code"),
    path("invitations/proof/", views_invitation.prove, name="invitation-proof"),
    path("invitations/again/", views_invitation.ask_for_another, name="invitation-again"),
    path("invitations/switch/", views_invitation.change_person, name="invitation-switch"),
    path("invitations/<str:token>/", views_invitation.invitation, name="invitation"),
]
