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
