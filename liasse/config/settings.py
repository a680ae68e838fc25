"""Django's settings, from the environment only; `liasse settings` lists every variable."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.utils.csp import CSP

from liasse.config import values
from liasse.config.database import database_settings
from liasse.config.readers import (
    CHECK_PAGE_CALL,
    CHECK_RULES_CALL,
    CUTTING_ADAPTERS,
    CUTTING_CALL,
    READING_ADAPTERS,
    READING_CALL,
    ocr_adapters,
    ocr_call,
)
from liasse.config.secret import secret_key
from liasse.intake.types import UploadLimits

PACKAGE = Path(__file__).resolve().parent.parent
_public = urlsplit(values.PUBLIC_URL)
_is_https = _public.scheme == "https"

DEBUG = values.DEBUG
SECRET_KEY = secret_key(values.SECRET_KEY, data=values.DATA)
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]", _public.hostname or "", *values.ALLOWED_HOSTS]
CSRF_TRUSTED_ORIGINS = [values.PUBLIC_URL]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "heroicons",
    "liasse.core.apps.CoreConfig",
    "liasse.identity.apps.IdentityConfig",
    "liasse.practices.apps.PracticesConfig",
    "liasse.messaging.apps.MessagingConfig",
    "liasse.clients.apps.ClientsConfig",
    "liasse.invitations.apps.InvitationsConfig",
    "liasse.intake.apps.IntakeConfig",
    "liasse.passes.apps.PassesConfig",
    "liasse.documents.apps.DocumentsConfig",
    "liasse.duplicates.apps.DuplicatesConfig",
    "liasse.reading.apps.ReadingConfig",
    "liasse.outside.apps.OutsideConfig",
    "liasse.suppliers.apps.SuppliersConfig",
    "liasse.custody.apps.CustodyConfig",
    "liasse.rosters.apps.RostersConfig",
    "liasse.ui",
    "liasse.web",
    "liasse.portal",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "liasse.config.guard.LanguageMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "liasse.config.guard.GuardMiddleware",
    "liasse.config.trail.TrailMiddleware",
]

ROOT_URLCONF = "liasse.config.urls"
WSGI_APPLICATION = "liasse.config.wsgi.application"
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "liasse.web.shell.shell",
            ],
            "builtins": ["liasse.ui.templatetags.ui", "django.templatetags.i18n"],
        },
    },
]

DATABASES = {"default": database_settings(values.DATABASE_URL, data=values.DATA)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "identity.User"
LOGIN_URL = "sign-in"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "liasse.identity.passwords.GuessedWordsValidator"},
    {"NAME": "liasse.identity.passwords.LeakedPasswordValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "name")},
    },
]

# Two instances on one host differ by port only, which cookies do not: their names carry it. Over https the prefix
# makes browsers refuse a cookie of that name from a sister domain or over plain http.
_cookie = "__Host-liasse" if _is_https else "liasse"
SESSION_COOKIE_NAME = f"{_cookie}_session_{values.HTTP.port}"
CSRF_COOKIE_NAME = f"{_cookie}_csrf_{values.HTTP.port}"
LANGUAGE_COOKIE_NAME = f"{_cookie}_language_{values.HTTP.port}"
THEME_COOKIE_NAME = f"{_cookie}_theme_{values.HTTP.port}"
LIASSE_MESSAGES_COOKIE_NAME = f"{_cookie}_messages_{values.HTTP.port}"
MESSAGE_STORAGE = "liasse.ui.flash.Sentences"
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = _is_https
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "liasse.ui.errors.csrf_failed"
SECURE_HSTS_SECONDS = 31_536_000 if _is_https else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = _is_https
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if values.TRUSTED_PROXY else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SECURE_CSP = {
    "default-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:"],
    "object-src": [CSP.NONE],
    "base-uri": [CSP.NONE],
    "form-action": [CSP.SELF],
    "frame-ancestors": [CSP.NONE],
}

LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", "Français"), ("en", "English")]
LOCALE_PATHS = sorted(PACKAGE.glob("*/locale"))
USE_TZ = True
TIME_ZONE = "UTC"
LIASSE_TIME_ZONE = "Europe/Paris"

STATIC_URL = "/static/"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = values.DEBUG
WHITENOISE_MAX_AGE = 31_536_000
"""Every asset's address carries a hash of its content, so it may be kept for a year."""

DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 12_000

EMAIL_SUBJECT_PREFIX = ""

LIASSE_DATA = values.DATA
LIASSE_PUBLIC_URL = values.PUBLIC_URL.rstrip("/")
LIASSE_MAIL_DOMAIN = values.MAIL_DOMAIN
LIASSE_EMAIL_WARNING = values.EMAIL_WARNING
LIASSE_WORKERS = values.WORKERS
LIASSE_SMTP = values.SMTP
LIASSE_SMTP_PROCESSES = values.SMTP_PROCESSES
LIASSE_LMTP = values.LMTP
LIASSE_LMTP_SOCKET = values.LMTP_SOCKET
LIASSE_WATCH = values.watch.PLACES
LIASSE_WATCH_QUIET = values.watch.QUIET
LIASSE_IMAP = values.IMAP
LIASSE_IMAP_POLL = values.IMAP_POLL
LIASSE_MESSAGE_LIMIT = values.MESSAGE_LIMIT
LIASSE_MIN_FREE = values.MIN_FREE
LIASSE_UPLOAD_LIMITS = UploadLimits(
    file_bytes=values.UPLOAD_LIMIT,
    archive_bytes=values.ZIP_LIMIT,
    practice_bytes=values.PRACTICE_QUOTA,
    open_uploads=values.OPEN_UPLOADS,
    hours=values.UPLOAD_HOURS,
)
LIASSE_SMTP_TRUSTED = values.SMTP_TRUSTED
LIASSE_TRUSTED_FORWARDERS = values.senders.FORWARDERS
LIASSE_RATE_PRACTICE = values.RATE_PRACTICE
LIASSE_RATE_FILE = values.RATE_FILE
LIASSE_RATE_PEER = values.RATE_PEER
LIASSE_LOOP_TOKEN = values.LOOP_TOKEN
LIASSE_SMTP_TLS_CERT = values.TLS_CERTIFICATE
LIASSE_SMTP_TLS_KEY = values.TLS_KEY
LIASSE_ADAPTERS = {
    "blobs": "liasse.adapters.storage_files.FileBlobStore",
    **values.outgoing.mail_adapters(),
    "mail_arrivals": values.outgoing.arrivals_adapter(),
    "office": "liasse.adapters.office_libreoffice.LibreOfficeRenderer",
    "sheet_writer": "liasse.adapters.sheet_openpyxl.OpenpyxlSheetWriter",
    "sms_sender": values.outgoing.sms_adapter(),
    "sender_dns": "liasse.adapters.dns_lookup.resolver.DnsLookup",
    "virus_scanner": "liasse.adapters.scan_clamd.ClamdScanner",
    "outside_engine": "liasse.adapters.engine_openai.OpenAiEngine",
}
LIASSE_ADAPTER_OPTIONS: dict[str, dict[str, Any]] = {
    "blobs": {"root": values.DATA / "blobs"},
    **values.outgoing.mail_options(relay=values.SMTP_RELAY, sender=values.MAIL_FROM, loop_token=values.LOOP_TOKEN),
    "mail_arrivals": values.outgoing.arrivals_options(),
    "sms_sender": values.outgoing.sms_options(),
    "sender_dns": values.senders.dns_options(),
    "virus_scanner": values.scanning.scanner_options(),
    "outside_engine": values.engine.engine_options(),
}
LIASSE_SMS_LIMITS = values.outgoing.sms_limits()

LIASSE_READING_ADAPTERS = READING_ADAPTERS
LIASSE_OCR_ADAPTERS = ocr_adapters(values.OCR)
LIASSE_CUTTING_ADAPTERS = CUTTING_ADAPTERS
LIASSE_CALLS = {
    "open_mail": "liasse.adapters.opening.entry:open_mail",
    "open_file": "liasse.adapters.opening.entry:open_file",
    "check_sender": "liasse.adapters.mail_senders.checking:check_sender",
    "write_letter": "liasse.adapters.letter_pdf.writer:write_letter",
    "open_whole": "liasse.adapters.whole_zip.opening:open_whole",
    "read": READING_CALL,
    "read_by_ocr": ocr_call(LIASSE_OCR_ADAPTERS),
    "check_rules": CHECK_RULES_CALL,
    "check_page": CHECK_PAGE_CALL,
    "page_facts": CUTTING_CALL,
    "assemble": "liasse.adapters.pdf_cut.assemble:assemble",
    "describe_pdf": "liasse.adapters.pdf_pages.pages:describe",
    "render_pdf": "liasse.adapters.pdf_pages.pages:render",
    "describe_picture": "liasse.adapters.pictures.pages:describe",
    "render_picture": "liasse.adapters.pictures.pages:render",
    "look_at_page": "liasse.adapters.page_looks.looks:look_at_page",
    "compare_pages": "liasse.adapters.page_looks.looks:compare_pages",
    "page_as_jpeg": "liasse.adapters.page_looks.jpeg:page_as_jpeg",
}
"""Calls on foreign bytes, run in a child process with limits."""

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "INFO"},
}
