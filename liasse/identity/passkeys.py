"""Passkeys (WebAuthn level 2): registered, named, removed, and signed in with.

What begins here gives options for the browser and a state for the session; what ends takes both back. The person
is always asked to unlock the device, so a passkey alone is two factors: the device, and what unlocks it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any, Final
from urllib.parse import urlsplit

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from fido2.server import Fido2Server
from fido2.webauthn import (
    AttestedCredentialData,
    AuthenticationResponse,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialUserEntity,
    RegistrationResponse,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from liasse.core.errors import ConflictError, InvalidError
from liasse.identity.errors import WrongPasskeyError
from liasse.identity.factors import note_factor
from liasse.identity.models import Passkey, User
from liasse.lib.people import clean_name

MOST_PASSKEYS: Final = 20
NAME_LIMIT: Final = 60

type State = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Site:
    """The address at which the browser is: passkeys are bound to its host name, and answers to all of it."""

    scheme: str
    host: str
    """With its port, as browsers write it."""

    @property
    def name(self) -> str:
        """Give the host without its port."""
        return urlsplit(f"//{self.host}").hostname or ""

    @property
    def can_have_passkeys(self) -> bool:
        """Tell whether browsers allow passkeys here: under a name, encrypted or on one's own machine."""
        try:
            ip_address(self.name)
        except ValueError:
            return self.scheme == "https" or self.name == "localhost"
        return False

    def is_origin(self, origin: str) -> bool:
        """Tell whether an answer comes from a page of this very address."""
        return origin == f"{self.scheme}://{self.host}"


@dataclass(frozen=True, slots=True)
class Begun:
    """Options for the browser, and the state that the session keeps until its answer."""

    options: dict[str, Any]
    state: State


def passkeys_of(user: User) -> list[Passkey]:
    """Give a person's passkeys, oldest first."""
    return list(Passkey.objects.filter(user=user).order_by("id"))


def begin_adding(user: User, *, site: Site) -> Begun:
    """Ask the browser for a new passkey that knows the person, so that no address need be typed."""
    known = [_credential(one) for one in passkeys_of(user) if one.site == site.name]
    options, state = _server(site).register_begin(
        PublicKeyCredentialUserEntity(id=user.id.bytes, name=user.email, display_name=user.name),
        credentials=known,
        resident_key_requirement=ResidentKeyRequirement.REQUIRED,
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return Begun(options=dict(options), state=dict(state))


@transaction.atomic
def add(user: User, *, site: Site, state: State, answer: str, name: str) -> Passkey:
    """Keep the passkey that the browser made. Raises WrongPasskeyError, ConflictError, InvalidError (name)."""
    named = _clean(name) if clean_name(name) else _("Passkey")
    if Passkey.objects.filter(user=user).count() >= MOST_PASSKEYS:
        raise ConflictError(_("You have %(limit)d passkeys already. Remove one first.") % {"limit": MOST_PASSKEYS})
    try:
        made = _server(site).register_complete(state, RegistrationResponse.from_dict(_parsed(answer)))
    except (ValueError, TypeError, KeyError, LookupError) as error:
        raise _refused() from error
    credential = made.credential_data
    if credential is None:
        raise _refused()
    mark = _mark(credential.credential_id)
    if Passkey.objects.filter(credential_hash=mark).exists():
        raise ConflictError(_("This passkey is there already."))
    passkey = Passkey.objects.create(
        user=user,
        site=site.name,
        credential_hash=mark,
        credential=bytes(credential),
        count_signatures=made.counter,
        name=named,
    )
    note_factor(user)
    return passkey


def rename(user: User, *, passkey_id: Any, name: str) -> bool:  # noqa: ANN401 - a UUID of an address
    """Name a passkey; False when the user has no such. Raises InvalidError (name)."""
    return Passkey.objects.filter(user=user, id=passkey_id).update(name=_clean(name)) == 1


@transaction.atomic
def remove(user: User, *, passkey_id: Any) -> bool:  # noqa: ANN401 - a UUID of an address
    """Forget a passkey; False when the user has no such."""
    count, _kinds = Passkey.objects.filter(user=user, id=passkey_id).delete()
    note_factor(user)
    return count > 0


def begin_proving(*, site: Site) -> Begun:
    """Ask the browser for whichever passkey it has of this site, which says nothing about who is known."""
    options, state = _server(site).authenticate_begin(user_verification=UserVerificationRequirement.REQUIRED)
    return Begun(options=dict(options), state=dict(state))


@transaction.atomic
def prove(*, site: Site, state: State, answer: str, user: User | None = None) -> User:
    """Give the user whose passkey answered; that of ``user`` alone when one is named. Raises WrongPasskeyError.

    A signature count that does not rise means a copied authenticator: refused. Those of the large makers stay at 0.
    """
    try:
        response = AuthenticationResponse.from_dict(_parsed(answer))
        rows = Passkey.objects.select_for_update(of=("self",)).select_related("user")
        found = rows.filter(credential_hash=_mark(response.raw_id), site=site.name, user__is_active=True).first()
        if found is None or (user is not None and found.user_id != user.id):
            raise _refused()
        _server(site).authenticate_complete(state, [_credential(found)], response)
        count = response.response.authenticator_data.counter
        handle = response.response.user_handle
    except (ValueError, TypeError, KeyError, LookupError) as error:
        raise _refused() from error
    is_copied = bool(count or found.count_signatures) and count <= found.count_signatures
    if is_copied or (handle is not None and handle != found.user.id.bytes):
        raise _refused()
    Passkey.objects.filter(id=found.id).update(count_signatures=count, used_at=timezone.now())
    return found.user


def _server(site: Site) -> Fido2Server:
    return Fido2Server(PublicKeyCredentialRpEntity(name="Liasse", id=site.name), verify_origin=site.is_origin)


def _credential(passkey: Passkey) -> AttestedCredentialData:
    return AttestedCredentialData(bytes(passkey.credential))


def _parsed(answer: str) -> Mapping[str, Any]:
    parsed = json.loads(answer)
    if not isinstance(parsed, dict):
        raise TypeError("no object")
    return parsed


def _mark(credential_id: bytes) -> str:
    """Give what a passkey is looked up by: ids may be a thousand bytes long, which no index likes."""
    return hashlib.sha256(credential_id).hexdigest()


def _clean(name: str) -> str:
    clean = clean_name(name)
    if not clean or len(clean) > NAME_LIMIT:
        sentence = _("Type a name of at most %(limit)d characters.") % {"limit": NAME_LIMIT}
        raise InvalidError({"name": sentence})
    return clean


def _refused() -> WrongPasskeyError:
    return WrongPasskeyError(_("This passkey does not open Liasse here. Try again, or use another way."))
