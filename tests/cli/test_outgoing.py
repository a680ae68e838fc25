"""The variables of outgoing mail and SMS: each wrong or missing one is refused by its name, in one sentence."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.instance import environment, is_one_sentence, liasse

pytestmark = pytest.mark.house

TWILIO = {"LIASSE_SMS": "twilio", "LIASSE_SMS_TWILIO_ACCOUNT": "AC1", "LIASSE_SMS_TWILIO_TOKEN": "t"}

BREVO = {"LIASSE_MAIL_PROVIDER": "brevo", "LIASSE_MAIL_KEY": "k"}


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"LIASSE_SMS": "pigeon"}, "LIASSE_SMS"),
        (TWILIO, "LIASSE_SMS_SENDER"),
        ({"LIASSE_SMS": "twilio"}, "LIASSE_SMS_TWILIO_ACCOUNT"),
        ({"LIASSE_SMS": "ovh", "LIASSE_SMS_OVH_SERVICE": "sms-1"}, "LIASSE_SMS_OVH_KEY"),
        ({"LIASSE_SMS": "brevo"}, "LIASSE_SMS_BREVO_KEY"),
        ({"LIASSE_SMS": "http"}, "LIASSE_SMS_URL"),
        ({"LIASSE_SMS": "http", "LIASSE_SMS_URL": "http://sms.example.fr/"}, "LIASSE_SMS_URL"),
        ({"LIASSE_MAIL_PROVIDER": "brevo"}, "LIASSE_MAIL_KEY"),
        ({"LIASSE_MAIL_PROVIDER": "mailjet", "LIASSE_MAIL_KEY": "k"}, "LIASSE_MAIL_SECRET"),
        (BREVO | {"LIASSE_SMTP_RELAY": "smtp://127.0.0.1:25"}, "LIASSE_SMTP_RELAY"),
        (BREVO | {"LIASSE_MAIL_HOOK_SECRET": "short"}, "LIASSE_MAIL_HOOK_SECRET"),
        (BREVO | {"LIASSE_MAIL_URL": "http://api.example.fr/"}, "LIASSE_MAIL_URL"),
        ({"LIASSE_SMS_COUNTRIES": "France"}, "LIASSE_SMS_COUNTRIES"),
        ({"LIASSE_SMS_PRICES": "FR=0.05"}, "LIASSE_SMS_PRICES"),
        ({"LIASSE_SMS_MONTHLY_CAP": "much"}, "LIASSE_SMS_MONTHLY_CAP"),
    ],
)
def test_a_wrong_one_is_refused_by_its_name(tmp_path: Path, given: dict[str, str], named: str) -> None:
    done = liasse("verify", env=environment(tmp_path, **given))
    assert done.returncode != 0
    assert done.stderr.startswith(f"{named} must be ") or f" {named} must be " in done.stderr
    assert is_one_sentence(done.stderr)


def test_no_key_is_shown(tmp_path: Path) -> None:
    given = dict.fromkeys(("LIASSE_SMS_TWILIO_TOKEN", "LIASSE_SMS_OVH_SECRET", "LIASSE_SMS_BREVO_KEY"), "s3cr3t-key")
    shown = liasse("settings", env=environment(tmp_path, **given)).stdout
    assert "s3cr3t-key" not in shown
    assert "* LIASSE_SMS_BREVO_KEY=(set)" in shown
