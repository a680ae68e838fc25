"""The variables of outgoing mail and SMS: which provider, its keys, and the limits. No Django here."""

from __future__ import annotations

import re
from decimal import Decimal
from ipaddress import ip_address
from typing import Any, Final
from urllib.parse import urlsplit

from liasse.config import env
from liasse.messaging.types import SmsLimits

_NEIGHBOURS: Final = "FR GP GF MQ RE YT BE LU DE CH IT ES MC AD"
_SMS_ADDRESSES: Final = {
    "twilio": "https://api.twilio.com",
    "ovh": "https://eu.api.ovh.com/1.0",
    "brevo": "https://api.brevo.com/v3",
}
_SMS_ADAPTERS: Final = {
    "none": "liasse.adapters.null.sms.NoSmsSender",
    "twilio": "liasse.adapters.sms_http.TwilioSmsSender",
    "ovh": "liasse.adapters.sms_http.ovh.of_words",
    "brevo": "liasse.adapters.sms_http.BrevoSmsSender",
    "http": "liasse.adapters.sms_http.GatewaySmsSender",
}

_PROVIDERS: Final = ("none", "brevo", "mailjet", "postmark", "sendgrid")
_SHORTEST_SECRET: Final = 20

MAIL_PROVIDER: Final = env.choice(
    "LIASSE_MAIL_PROVIDER",
    default="none",
    choices=_PROVIDERS,
    help="Who sends mail in place of LIASSE_SMTP_RELAY, by its own interface.",
)
MAIL_KEY: Final = env.text(
    "LIASSE_MAIL_KEY",
    default="",
    secret=True,
    help="The key of that provider: its API key, or Postmark's server token.",
)
MAIL_SECRET: Final = env.text(
    "LIASSE_MAIL_SECRET", default="", secret=True, help="The second key, which Mailjet wants beside the first."
)
MAIL_URL: Final = env.url(
    "LIASSE_MAIL_URL", default="", help="Where the provider is asked; without it, its public address."
)
MAIL_HOOK_SECRET: Final = env.text(
    "LIASSE_MAIL_HOOK_SECRET",
    default="",
    secret=True,
    help="The password, 20 characters or more, with which the provider tells of bounces at /hooks/mail/.",
)

ARRIVALS: Final = env.choice(
    "LIASSE_MAIL_ARRIVALS",
    default="none",
    choices=("none", "brevo", "mailgun", "mailjet", "postmark", "sendgrid"),
    help="Which provider receives mail for us and brings it to /hooks/arrivals/.",
)
ARRIVALS_SECRET: Final = env.text(
    "LIASSE_MAIL_ARRIVALS_SECRET",
    default="",
    secret=True,
    help="The password, 20 characters or more, with which that provider comes.",
)
ARRIVALS_KEY: Final = env.text(
    "LIASSE_MAIL_ARRIVALS_KEY",
    default="",
    secret=True,
    help="Mailgun's signing key, whose signature is then required too, or Brevo's API key, to fetch attachments.",
)

SMS: Final = env.choice(
    "LIASSE_SMS",
    default="none",
    choices=tuple(_SMS_ADAPTERS),
    help="Who sends SMS; with none, invitations leave by email only.",
)
SMS_URL: Final = env.url(
    "LIASSE_SMS_URL",
    default="",
    help="Where the SMS provider is asked; without it, its public address. With LIASSE_SMS=http, the gateway.",
)
SMS_SENDER: Final = env.text(
    "LIASSE_SMS_SENDER",
    default="",
    help="From whom SMS come: a name of 11 letters at most, a number, or a messaging service of Twilio.",
)


def _secret(name: str, *, help: str) -> str:
    return env.text(name, default="", help=help, secret=True)


TWILIO_ACCOUNT: Final = env.text("LIASSE_SMS_TWILIO_ACCOUNT", default="", help="The Account SID of Twilio (AC…).")
TWILIO_TOKEN: Final = _secret("LIASSE_SMS_TWILIO_TOKEN", help="The auth token of that account.")
OVH_SERVICE: Final = env.text("LIASSE_SMS_OVH_SERVICE", default="", help="The SMS account of OVHcloud (sms-ab12345-1).")
OVH_KEY: Final = env.text("LIASSE_SMS_OVH_KEY", default="", help="The application key of OVHcloud's API.")
OVH_SECRET: Final = _secret("LIASSE_SMS_OVH_SECRET", help="The application secret that belongs to that key.")
OVH_CONSUMER: Final = _secret(
    "LIASSE_SMS_OVH_CONSUMER_KEY", help="The consumer key: GET and POST on /sms/* and GET on /auth/time."
)
BREVO_SMS_KEY: Final = _secret("LIASSE_SMS_BREVO_KEY", help="The API key of Brevo for SMS.")
GATEWAY_TOKEN: Final = _secret(
    "LIASSE_SMS_HTTP_TOKEN", help="The bearer token of the gateway; without it, none is shown."
)

_COUNTRIES: Final = env.words(
    "LIASSE_SMS_COUNTRIES",
    default=_NEIGHBOURS,
    help="The countries (two letters each) whose mobile numbers may be written to; France and its neighbours.",
)
_PRICES: Final = env.words(
    "LIASSE_SMS_PRICES",
    default="0.10 FR=0.06",
    help="What one part of an SMS costs in euros: a price for all, and CC=price for single countries.",
)
_CAP: Final = env.text(
    "LIASSE_SMS_MONTHLY_CAP", default="50", help="The euros that a practice may spend on SMS in a month."
)
_NUMBER_HOUR: Final = env.integer(
    "LIASSE_SMS_PER_NUMBER_HOUR", default=3, minimum=1, help="How many SMS a number may get in an hour."
)
_NUMBER_DAY: Final = env.integer(
    "LIASSE_SMS_PER_NUMBER_DAY", default=5, minimum=1, help="How many SMS a number may get in a day."
)
_PERSON_HOUR: Final = env.integer(
    "LIASSE_SMS_PER_PERSON_HOUR", default=20, minimum=1, help="How many SMS a person may send in an hour."
)
_PRACTICE_DAY: Final = env.integer(
    "LIASSE_SMS_PER_PRACTICE_DAY", default=50, minimum=1, help="How many SMS a practice may send in a day."
)


def mail_adapters() -> dict[str, str]:
    """Give the paths of what sends mail and what reads the events about it."""
    if MAIL_PROVIDER == "none":
        return {
            "mail_sender": "liasse.adapters.mail_smtp.SmtpMailSender",
            "mail_events": "liasse.adapters.null.events.NoMailEvents",
        }
    return {
        "mail_sender": "liasse.adapters.mail_anymail.AnymailMailSender",
        "mail_events": "liasse.adapters.mail_anymail.AnymailMailEvents",
    }


def arrivals_adapter() -> str:
    """Give the path of what reads the mails that a provider brings."""
    if ARRIVALS == "none":
        return "liasse.adapters.null.arrivals.NoMailArrivals"
    return "liasse.adapters.mail_arrivals.AnymailMailArrivals"


def arrivals_options() -> dict[str, str]:
    """Give what that adapter is made with; raise SettingError for what is missing, by its name."""
    if ARRIVALS == "none":
        return {}
    if len(ARRIVALS_SECRET) < _SHORTEST_SECRET:
        raise env.SettingError(
            "LIASSE_MAIL_ARRIVALS_SECRET",
            f"{_SHORTEST_SECRET} characters or more, because LIASSE_MAIL_ARRIVALS is {ARRIVALS}",
            value="…" if ARRIVALS_SECRET else None,
        )
    if ARRIVALS == "brevo" and not ARRIVALS_KEY:
        raise env.SettingError("LIASSE_MAIL_ARRIVALS_KEY", "set, because Brevo gives attachments by its API only")
    return {"provider": ARRIVALS, "secret": ARRIVALS_SECRET, "key": ARRIVALS_KEY}


def mail_options(*, relay: str, sender: str, loop_token: str) -> dict[str, dict[str, Any]]:
    """Give what those adapters are made with; raise SettingError for what is missing or too much, by its name."""
    if MAIL_PROVIDER == "none":
        return {"mail_sender": {"relay": relay, "sender": sender, "loop_token": loop_token}, "mail_events": {}}
    because = f"because LIASSE_MAIL_PROVIDER is {MAIL_PROVIDER}"
    if relay:
        raise env.SettingError("LIASSE_SMTP_RELAY", f"empty, {because}", value="…")
    if not MAIL_KEY:
        raise env.SettingError("LIASSE_MAIL_KEY", f"set, {because}")
    if MAIL_PROVIDER == "mailjet" and not MAIL_SECRET:
        raise env.SettingError("LIASSE_MAIL_SECRET", f"set, {because}")
    if MAIL_HOOK_SECRET and len(MAIL_HOOK_SECRET) < _SHORTEST_SECRET:
        raise env.SettingError("LIASSE_MAIL_HOOK_SECRET", f"{_SHORTEST_SECRET} characters or more", value="…")
    return {
        "mail_sender": {
            "provider": MAIL_PROVIDER,
            "key": MAIL_KEY,
            "secret": MAIL_SECRET,
            "url": _safe("LIASSE_MAIL_URL", MAIL_URL) if MAIL_URL else "",
            "sender": sender,
            "loop_token": loop_token,
        },
        "mail_events": {"provider": MAIL_PROVIDER, "secret": MAIL_HOOK_SECRET},
    }


def sms_adapter() -> str:
    """Give the path of the adapter that LIASSE_SMS chooses."""
    return _SMS_ADAPTERS[SMS]


def sms_options() -> dict[str, Any]:
    """Give what that adapter is made with; raise SettingError for what is missing, by its name."""
    if SMS == "none":
        return {}
    because = f"because LIASSE_SMS is {SMS}"
    if SMS == "http" and not SMS_URL:
        raise env.SettingError("LIASSE_SMS_URL", f"the address of the gateway, {because}")
    url = _safe("LIASSE_SMS_URL", SMS_URL or _SMS_ADDRESSES[SMS])
    needed: dict[str, dict[str, str]] = {
        "twilio": {
            "LIASSE_SMS_TWILIO_ACCOUNT": TWILIO_ACCOUNT,
            "LIASSE_SMS_TWILIO_TOKEN": TWILIO_TOKEN,
            "LIASSE_SMS_SENDER": SMS_SENDER,
        },
        "ovh": {
            "LIASSE_SMS_OVH_SERVICE": OVH_SERVICE,
            "LIASSE_SMS_OVH_KEY": OVH_KEY,
            "LIASSE_SMS_OVH_SECRET": OVH_SECRET,
            "LIASSE_SMS_OVH_CONSUMER_KEY": OVH_CONSUMER,
        },
        "brevo": {"LIASSE_SMS_BREVO_KEY": BREVO_SMS_KEY, "LIASSE_SMS_SENDER": SMS_SENDER},
        "http": {},
    }
    for name, value in needed[SMS].items():
        if not value:
            raise env.SettingError(name, f"set {because}")
    own: dict[str, dict[str, str]] = {
        "twilio": {"account": TWILIO_ACCOUNT, "token": TWILIO_TOKEN},
        "ovh": {"service": OVH_SERVICE, "key": OVH_KEY, "secret": OVH_SECRET, "consumer_key": OVH_CONSUMER},
        "brevo": {"key": BREVO_SMS_KEY},
        "http": {"token": GATEWAY_TOKEN},
    }
    return {"url": url, "sender": SMS_SENDER, **own[SMS]}


def sms_limits() -> SmsLimits:
    """Give the limits of SMS; raise SettingError for a country or price that is none, by the variable's name."""
    countries = frozenset(country.upper() for country in _COUNTRIES)
    if any(not re.fullmatch("[A-Z]{2}", country) for country in countries):
        raise env.SettingError(
            "LIASSE_SMS_COUNTRIES", "countries of two letters such as FR BE", value=" ".join(_COUNTRIES)
        )
    prices = dict(_price(word) for word in _PRICES)
    if "" not in prices:
        raise env.SettingError("LIASSE_SMS_PRICES", _PRICES_FORM, value=" ".join(_PRICES))
    return SmsLimits(
        per_number_hour=_NUMBER_HOUR,
        per_number_day=_NUMBER_DAY,
        per_person_hour=_PERSON_HOUR,
        per_practice_day=_PRACTICE_DAY,
        monthly_cap=_money("LIASSE_SMS_MONTHLY_CAP", _CAP, expected="an amount in euros such as 50"),
        countries=countries,
        usual_price=prices.pop(""),
        prices=prices,
    )


_PRICES_FORM: Final = "one price for all and, if need be, CC=price for single countries, such as 0.10 FR=0.06"


def _price(word: str) -> tuple[str, Decimal]:
    country, is_one, price = word.rpartition("=")
    if is_one and not re.fullmatch("[A-Za-z]{2}", country):
        raise env.SettingError("LIASSE_SMS_PRICES", _PRICES_FORM, value=word)
    return country.upper(), _money("LIASSE_SMS_PRICES", price, expected=_PRICES_FORM)


def _money(name: str, text: str, *, expected: str) -> Decimal:
    if not re.fullmatch(r"[0-9]{1,6}([.,][0-9]{1,4})?", text):
        raise env.SettingError(name, expected, value=text)
    return Decimal(text.replace(",", "."))


def _safe(name: str, url: str) -> str:
    """Refuse to show keys to anybody who listens: without TLS only to this machine and its own network."""
    parts = urlsplit(url)
    if parts.scheme == "https" or _is_near(parts.hostname or ""):
        return url
    raise env.SettingError(name, "an https:// address, unless it is in your own network", value=url)


def _is_near(host: str) -> bool:
    try:
        return ip_address(host).is_private
    except ValueError:
        return host == "localhost" or "." not in host
