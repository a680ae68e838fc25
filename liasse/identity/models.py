"""Users: one identity an email address for the whole instance."""

from __future__ import annotations

from typing import ClassVar, Self

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from liasse.lib.ids import uuid7


class UserManager(BaseUserManager["User"]):
    """Finds users by their address, however it was typed."""

    def get_by_natural_key(self, username: str | None) -> User:
        """Find by the address, trimmed and without case."""
        return self.get(email=(username or "").strip().lower())


class User(AbstractBaseUser):
    """A person who can sign in. ``email`` is kept trimmed and in lower case."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    email = models.CharField(max_length=254, unique=True)
    name = models.CharField(max_length=200)
    language = models.CharField(max_length=5, blank=True)
    theme = models.CharField(max_length=5, blank=True)
    is_active = models.BooleanField(default=True)
    has_factor = models.BooleanField(default=False)
    """A kept fact: an authenticator app or a passkey is there. Whoever signs in is asked for it."""
    email_proved_at = models.DateTimeField(null=True)
    """When a code that was mailed to ``email`` came back. Without it the practice that invited answers for it."""
    created_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "email"
    objects: ClassVar[UserManager] = UserManager()

    def __str__(self) -> str:
        """Name the user for a developer."""
        return self.email


class SignInFailure(models.Model):
    """A failed try to sign in, by the hash of the address, to slow down guessing."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    email_hash = models.CharField(max_length=64)
    at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[models.Manager[Self]] = models.Manager()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["email_hash", "at"], name="sign_in_failures")]

    def __str__(self) -> str:
        """Name the failure for a developer."""
        return f"{self.email_hash[:8]} {self.at}"


class AuthenticatorApp(models.Model):
    """The app on a person's phone that shows a new code every 30 seconds (TOTP); its seed is kept sealed."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="app")
    sealed_seed = models.CharField(max_length=300)
    last_step = models.BigIntegerField(default=0)
    """The newest step of time whose code was taken: no code is taken twice."""
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[models.Manager[Self]] = models.Manager()

    def __str__(self) -> str:
        """Name the app for a developer."""
        return f"app of {self.user_id}"


class RecoveryCode(models.Model):
    """A code for the day the phone is lost: used once, kept as a keyed hash, shown when it is made."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="recovery_codes")
    code_hash = models.CharField(max_length=64)
    used_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager[Self]] = models.Manager()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["user", "code_hash"], name="recovery_code_once")]

    def __str__(self) -> str:
        """Name the code for a developer."""
        return f"recovery code of {self.user_id}"


class Passkey(models.Model):
    """A passkey (WebAuthn), of one site name: its public half."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="passkeys")
    site = models.CharField(max_length=253)
    credential_hash = models.CharField(max_length=64, unique=True)
    credential = models.BinaryField()
    """What the authenticator attested: its model, the credential's id, the public key (CBOR)."""
    count_signatures = models.BigIntegerField(default=0)
    name = models.CharField(max_length=60)
    created_at = models.DateTimeField(auto_now_add=True)
    used_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager[Self]] = models.Manager()

    def __str__(self) -> str:
        """Name the passkey for a developer."""
        return f"{self.name} of {self.user_id}"


class EmailedCode(models.Model):
    """A code of six digits that was sent to an address. It is derived when sent or compared, never stored.

    Without a user nobody has the address: the row is there so that both cost the same.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    purpose = models.CharField(max_length=20)
    email_hash = models.CharField(max_length=64)
    email = models.CharField(max_length=254)
    user = models.ForeignKey(User, null=True, on_delete=models.CASCADE, related_name="emailed_codes")
    place_hash = models.CharField(max_length=64)
    nonce = models.CharField(max_length=32)
    count_tries = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)
    used_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager[Self]] = models.Manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["email_hash", "created_at"], name="codes_by_address"),
            models.Index(fields=["place_hash", "created_at"], name="codes_by_place"),
            models.Index(fields=["created_at"], name="codes_by_age"),
        ]

    def __str__(self) -> str:
        """Name the code for a developer."""
        return f"{self.purpose} code {self.id}"


class OpenSession(models.Model):
    """Where somebody is signed in: what the person may see of it, and how it is ended."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="open_sessions")
    session_key = models.CharField(max_length=40, unique=True)
    agent = models.CharField(max_length=300, blank=True)
    address = models.CharField(max_length=45, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    used_at = models.DateTimeField()

    objects: ClassVar[models.Manager[Self]] = models.Manager()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["user", "-used_at"], name="sessions_newest")]

    def __str__(self) -> str:
        """Name the session for a developer."""
        return f"session of {self.user_id}"
