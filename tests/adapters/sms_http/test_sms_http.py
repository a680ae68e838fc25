"""Each sender against a stand-in of its provider; what all promise is tested on all."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import pytest

from liasse.adapters.sms_http import BrevoSmsSender, GatewaySmsSender, OvhSmsSender, TwilioSmsSender
from liasse.adapters.sms_http.ovh import OvhKeys
from liasse.lib import http_call
from liasse.messaging.ports import SendError, SmsSender
from liasse.messaging.types import Fate, SentSms, Trouble
from tests.adapters.sms_http.peer import Peer, Said, peer
from tests.adapters.sms_http.speakers import BAD, LANDLINE, OVH, STOPPED, Brevo, Gateway, Ovh, Twilio

SMS = SentSms(
    number="+33612345678",
    text="Cabinet Müller & Fils vous invite : https://l.example/i/abc?x=1&y=2",
    key="0190abcd.0",
    since=datetime(2026, 11, 24, 13, 0, tzinfo=UTC),
)
KEYS = OvhKeys(OVH["ak"], OVH["as"], OVH["ck"])


@dataclass
class Provider:
    """A stand-in, its sender, and how to look what it took."""

    name: str
    speaker: Any
    peer: Peer
    sender: SmsSender

    @property
    def count(self) -> int:
        return len(self.speaker.taken)


def sender_of(name: str, url: str, **other: str) -> SmsSender:
    if name == "twilio":
        return TwilioSmsSender(url, Twilio.account, other.get("secret", Twilio.token), other.get("sender", "Liasse"))
    if name == "ovh":
        keys = replace(KEYS, application_secret=other.get("secret", OVH["as"]))
        return OvhSmsSender(url=f"{url}/1.0", service=Ovh.service, keys=keys, sender=other.get("sender", "Liasse"))
    if name == "brevo":
        return BrevoSmsSender(f"{url}/v3", other.get("secret", Brevo.key), other.get("sender", "Liasse"))
    return GatewaySmsSender(f"{url}/sms", other.get("secret", Gateway.token), other.get("sender", "Liasse"))


SPEAKERS: dict[str, Callable[[], Any]] = {"twilio": Twilio, "ovh": Ovh, "brevo": Brevo, "http": Gateway}


@pytest.fixture(params=list(SPEAKERS))
def provider(request: pytest.FixtureRequest) -> Iterator[Provider]:
    speaker = SPEAKERS[request.param]()
    with peer(speaker) as made:
        yield Provider(request.param, speaker, made, sender_of(request.param, made.url))


def refusal(sender: SmsSender, sms: SentSms = SMS) -> SendError:
    with pytest.raises(SendError) as found:
        sender.send(sms)
    return found.value


def text_of(provider: Provider) -> str:
    taken: Any = next(iter(provider.speaker.taken.values())) if provider.name == "http" else provider.speaker.taken[0]
    return str(taken[{"twilio": "body", "ovh": "message", "brevo": "content", "http": "text"}[provider.name]])


def test_the_text_arrives_letter_for_letter(provider: Provider) -> None:
    provider.sender.send(SMS)
    assert (provider.count, text_of(provider)) == (1, SMS.text)


def test_another_try_of_what_arrived_sends_nothing_more(provider: Provider) -> None:
    provider.sender.send(SMS)
    provider.sender.send(replace(SMS, is_again=True))
    assert provider.count == 1


def test_another_try_of_what_did_not_arrive_sends_it(provider: Provider) -> None:
    provider.sender.send(replace(SMS, key="other.0", text="other"))
    provider.sender.send(replace(SMS, is_again=True))
    assert provider.count == 2


def test_how_it_fared_is_told_when_it_is_known(provider: Provider) -> None:
    assert provider.sender.fate(SMS) == Fate()
    provider.sender.send(SMS)
    assert provider.sender.fate(SMS) == Fate()
    provider.speaker.end(is_delivered=True)
    assert provider.sender.fate(SMS) == Fate(is_delivered=True)
    assert provider.sender.fate(replace(SMS, key="other.0", text="other")) == Fate()
    provider.speaker.end(is_delivered=False)
    fate = provider.sender.fate(SMS)
    expected = Trouble.NOT_DELIVERED if provider.name == "ovh" else Trouble.NO_SUCH_ADDRESS
    assert (fate.is_delivered, fate.trouble) == (False, expected)
    assert fate.reason


@pytest.mark.parametrize("number", [BAD, STOPPED])
def test_a_number_that_takes_none_fails_for_good(provider: Provider, number: str) -> None:
    error = refusal(provider.sender, replace(SMS, number=number))
    told = {Trouble.NO_SUCH_ADDRESS} if number == BAD or provider.name == "ovh" else {Trouble.BLOCKED}
    assert (error.permanent, error.trouble) == (True, told.pop())
    assert provider.count == 0


def test_a_wrong_secret_is_not_the_message_s_fault(provider: Provider) -> None:
    error = refusal(sender_of(provider.name, provider.peer.url, secret="wrong"))
    assert (error.permanent, error.trouble, error.is_everybody_s) == (False, Trouble.SET_UP, True)
    assert provider.count == 0


@pytest.mark.parametrize(
    ("status", "trouble"), [(500, Trouble.AWAY), (503, Trouble.AWAY), (429, Trouble.BUSY), (408, Trouble.BUSY)]
)
def test_a_fault_of_the_provider_passes(provider: Provider, status: int, trouble: Trouble) -> None:
    provider.peer.speaker = lambda _asked: (status, b"<html>oops</html>", {"Retry-After": "17"})
    error = refusal(provider.sender)
    assert (error.permanent, error.trouble, error.after) == (False, trouble, 17.0)


@pytest.mark.parametrize("said", [(200, b"not json"), (200, {}), (200, [])])
def test_a_success_that_names_no_sms_is_none(provider: Provider, said: Said) -> None:
    provider.peer.speaker = lambda asked: said if "auth" not in asked.path else (200, int(time.time()))
    if provider.name == "http":
        provider.sender.send(SMS)  # A gateway says yes with the status alone.
    else:
        assert not refusal(provider.sender).permanent


def test_a_redirect_is_not_followed(provider: Provider) -> None:
    with peer(lambda _asked: (200, {"sid": "x", "ids": [1], "messageId": 1})) as elsewhere:
        moved = {"Location": f"{elsewhere.url}/stolen"}
        provider.peer.speaker = lambda _asked: (307, {}, moved)
        error = refusal(provider.sender)
        assert (error.permanent, error.trouble) == (False, Trouble.SET_UP)
        assert elsewhere.asked == []


def test_one_that_is_away_may_come_back(provider: Provider) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    error = refusal(sender_of(provider.name, f"http://127.0.0.1:{port}"))
    assert (error.permanent, error.trouble) == (False, Trouble.AWAY)


def test_one_that_hangs_is_left_in_time(provider: Provider, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_call, "USUAL", http_call.Limits(wait=0.3))
    provider.peer.hangs_for = 2
    began = time.monotonic()
    error = refusal(provider.sender)
    assert (error.permanent, error.trouble) == (False, Trouble.AWAY)
    assert time.monotonic() - began < 1.5


def test_an_answer_that_drips_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_call, "USUAL", http_call.Limits(seconds=0.5))
    import threading

    with socket.create_server(("127.0.0.1", 0)) as server:

        def drip() -> None:
            line, _address = server.accept()
            with line:
                for _number in range(100):
                    try:
                        line.sendall(b"H")
                    except OSError:
                        return
                    time.sleep(0.05)

        threading.Thread(target=drip, daemon=True).start()
        began = time.monotonic()
        with pytest.raises(http_call.CallError):
            http_call.call("GET", f"http://127.0.0.1:{server.getsockname()[1]}/", headers={})
        assert time.monotonic() - began < 2


def test_a_landline_is_told_by_its_name() -> None:
    with peer(Twilio()) as made:
        error = refusal(sender_of("twilio", made.url), replace(SMS, number=LANDLINE))
    assert (error.permanent, error.trouble) == (True, Trouble.NO_MOBILE)
    assert error.reason.startswith("400 21614")


def test_twilio_takes_a_messaging_service_as_the_sender() -> None:
    with peer(Twilio()) as made:
        sender_of("twilio", made.url, sender="MG0123").send(SMS)
        assert made.asked[0].form["MessagingServiceSid"] == "MG0123"


def test_ovh_is_asked_by_its_own_clock() -> None:
    with peer(Ovh(ahead=3600)) as made:
        sender_of("ovh", made.url).send(SMS)
        sender_of("ovh", made.url, sender="").send(replace(SMS, key="two.0"))
        assert len(made.speaker.taken) == 2  # type: ignore[attr-defined]
        assert made.posts()[1].words["senderForResponse"] is True


def test_ovh_is_asked_the_time_again_when_our_clock_jumped() -> None:
    speaker = Ovh()
    with peer(speaker) as made:
        sender = sender_of("ovh", made.url)
        sender.send(SMS)
        speaker.ahead = 600
        sender.send(replace(SMS, key="two.0"))
    assert len(speaker.taken) == 2


def test_the_signature_is_that_of_ovh_s_own_example() -> None:
    """The worked example of OVHcloud's "First steps with the API"."""
    keys = OvhKeys("7kbG7Bk7S9Nt7ZSV", "EXEgWIz07P0HYwtQDs7cNIqCiQaWSuHF", "MtSwSrPpNjqfVSmJhLbPyr2i45lSwPU1")
    signature = keys.signature("GET", "https://eu.api.ovh.com/1.0/domains/", body="", at=1366560945)
    assert signature == "$1$d3705e8afb27a0d2970a322b96550abfc67bb798"


def test_brevo_without_credit_says_so() -> None:
    with peer(Brevo()) as made:
        error = refusal(sender_of("brevo", made.url, sender="Poor"))
    assert (error.permanent, error.trouble, error.is_everybody_s) == (False, Trouble.CREDIT, True)
