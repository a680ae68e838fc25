"""Every variable of the environment, read once. No Django here: the supervisor reads it too."""

from __future__ import annotations

from liasse.config import engine, env, outgoing, scanning, senders, watch
from liasse.config.readers import OCR_CHOICES

__all__ = ["engine", "outgoing", "scanning", "senders", "watch"]
"""The variables of engines, outgoing mail and SMS, checking senders and watched folders, read with the others."""

DATA = env.path("LIASSE_DATA", default="./var", help="The folder of the database, the documents and the log.")
HTTP = env.address("LIASSE_HTTP", default="127.0.0.1:8000", help="Where the web server listens.")
SMTP = env.address("LIASSE_SMTP", default="127.0.0.1:2525", help="Where the mail receiver listens.")
SMTP_PROCESSES = env.integer(
    "LIASSE_SMTP_PROCESSES",
    default=1,
    minimum=1,
    maximum=16,
    help="How many processes receive mail on the same port; one for each processor is the fastest.",
)
LMTP = env.optional_address(
    "LIASSE_LMTP", help="Where a mail server in front (Postfix) delivers by LMTP; without it, nowhere."
)
LMTP_SOCKET = env.optional_path(
    "LIASSE_LMTP_SOCKET", help="The same as a socket of this machine; whoever may enter its folder may deliver."
)
IMAP = env.words(
    "LIASSE_IMAP",
    default="",
    help="Mailboxes to read, as imaps://user:password@host/folder?done=…&unknown=…, with blanks between.",
    secret=True,
)
IMAP_POLL = env.integer(
    "LIASSE_IMAP_POLL",
    default=60,
    minimum=1,
    help="After how many seconds a mailbox is asked for news; one whose server knows IDLE tells them at once.",
)
DATABASE_URL = env.url(
    "DATABASE_URL",
    default="",
    schemes=("sqlite", "postgresql", "postgres"),
    help="The database; without it, SQLite in the data folder.",
    secret=True,
)
PUBLIC_URL = (
    env.url("LIASSE_URL", default="", help="The address people type; without it, that of LIASSE_HTTP.")
    or f"http://{HTTP}"
)
MAIL_DOMAIN = env.text(
    "LIASSE_MAIL_DOMAIN",
    default="liasse.localhost",
    help="The domain of the submission addresses.",
).lower()
OCR = env.choice(
    "LIASSE_OCR",
    choices=OCR_CHOICES,
    default="auto",
    help="What reads pictures and scans: rapidocr comes with Liasse; tesseract is taken from the machine.",
)
SECRET_KEY = env.text(
    "LIASSE_SECRET_KEY",
    default="",
    help="The instance's secret, 50 characters or more; without it, one is made in the data folder.",
    secret=True,
)
SMTP_RELAY = env.url(
    "LIASSE_SMTP_RELAY",
    default="",
    schemes=("smtp", "smtps", "smtp+starttls"),
    help="The relay for outgoing mail, as smtp://user:password@host:port; without it, messages wait in the outbox.",
    secret=True,
)
MAIL_FROM = (
    env.text("LIASSE_MAIL_FROM", default="", help="The sender of outgoing mail; without it, liasse@ the domain.")
    or f"liasse@{MAIL_DOMAIN}"
)
TLS_CERTIFICATE = env.optional_path(
    "LIASSE_SMTP_TLS_CERT", help="The certificate (PEM) with which the mail receiver offers STARTTLS."
)
TLS_KEY = env.optional_path("LIASSE_SMTP_TLS_KEY", help="The key (PEM) of that certificate.")
MESSAGE_LIMIT = env.size("LIASSE_MESSAGE_LIMIT", default="35MiB", help="The largest mail that is taken.")
MIN_FREE = env.size(
    "LIASSE_MIN_FREE",
    default="0",
    help="The free disk space under which mail is put off; 0 means 5 GB or 5 %, whichever is more.",
)
UPLOAD_LIMIT = env.size(
    "LIASSE_UPLOAD_LIMIT", default="25MiB", help="The largest file that is taken on the web, by links and by programs."
)
ZIP_LIMIT = env.size("LIASSE_ZIP_LIMIT", default="512MiB", help="The largest ZIP that is taken there.")
PRACTICE_QUOTA = env.size(
    "LIASSE_PRACTICE_QUOTA",
    default="50GB",
    help="How much a practice may store before no file is taken there any more; mail still is. 0 is any amount.",
)
OPEN_UPLOADS = env.integer(
    "LIASSE_OPEN_UPLOADS", default=50, minimum=1, help="How many unfinished uploads one person may have."
)
UPLOAD_HOURS = env.integer(
    "LIASSE_UPLOAD_HOURS", default=72, minimum=1, help="How many hours an unfinished upload is kept to be gone on with."
)
SMTP_TRUSTED = env.words(
    "LIASSE_SMTP_TRUSTED",
    default="127.0.0.0/8 ::1",
    help="One's own relays (addresses, networks), which bring everybody's mail: no limit of a peer holds for them.",
)
RATE_PRACTICE = env.integer(
    "LIASSE_RATE_PRACTICE", default=600, minimum=0, help="How many mails a practice gets in an hour; 0 is any number."
)
RATE_FILE = env.integer(
    "LIASSE_RATE_FILE", default=200, minimum=0, help="How many mails a client file gets in an hour; 0 is any number."
)
RATE_PEER = env.integer(
    "LIASSE_RATE_PEER", default=60, minimum=0, help="How many mails a sender's address begins in a minute; 0 is any."
)
LOOP_TOKEN = f"liasse/{MAIL_DOMAIN}"
"""What this instance's own mails say in X-Loop, so that one that comes back is known again."""
WORKERS = env.integer("LIASSE_WORKERS", default=2, minimum=1, maximum=64, help="How many jobs the worker does at once.")
WEB_THREADS = env.integer(
    "LIASSE_WEB_THREADS", default=4, minimum=1, maximum=64, help="How many requests are answered at once."
)
EMAIL_WARNING = env.choice(
    "LIASSE_EMAIL_WARNING",
    default="instance",
    choices=("instance", "practice"),
    help="Whose clients the warning “already used” looks at: the whole instance, or one's own practice.",
)
ALLOWED_HOSTS = env.words(
    "LIASSE_ALLOWED_HOSTS",
    default="",
    help="Further host names under which the web server answers, with blanks between.",
)
TRUSTED_PROXY = env.flag(
    "LIASSE_TRUSTED_PROXY",
    default=False,
    help="Whether a reverse proxy in front sets X-Forwarded-Proto and X-Forwarded-For.",
)
DEBUG = env.flag("LIASSE_DEBUG", default=False, help="Show tracebacks; never on a server in use.")
