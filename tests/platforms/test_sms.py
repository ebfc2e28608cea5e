"""Text messages against the sandbox's gateway."""

import pytest

from platforms.errors import Busy, PlatformError, Refused, Unknown
from platforms.sms import Sms
from tests.platforms.conftest import SHORT, Sandbox

OP = "sms.send"
CODE = {"code": "428190"}


def inbox(sandbox: Sandbox) -> list[str]:
    return [message["text"] for message in sandbox.get("/people/lin/messages")["items"]]


def test_a_message_arrives(sandbox: Sandbox, sms: Sms) -> None:
    assert sms.send(phone="13900000001", template="login_code", params=CODE)
    assert "428190" in inbox(sandbox)[0]


def test_the_same_key_is_one_message(sandbox: Sandbox, sms: Sms) -> None:
    sent = [
        sms.send(phone="13900000001", template="login_code", params=CODE, idempotency_key="case-1-accepted")
        for _ in range(3)
    ]
    assert len(set(sent)) == 1
    assert len(inbox(sandbox)) == 1


def test_two_calls_without_a_key_are_two_messages(sandbox: Sandbox, sms: Sms) -> None:
    for _ in range(2):
        sms.send(phone="13900000001", template="login_code", params=CODE)
    assert len(inbox(sandbox)) == 2


@pytest.mark.parametrize("kind", ["hang", "reset", "http_500", "truncated", "html", "empty"])
def test_a_lost_answer_is_asked_for_again_and_the_phone_rings_once(
    sandbox: Sandbox, sms: Sms, kind: str
) -> None:
    sandbox.fault(OP, kind, after=True)
    assert sms.send(phone="13900000001", template="login_code", params=CODE)
    assert len(inbox(sandbox)) == 1


def test_a_gateway_that_stays_broken_is_unknown(sandbox: Sandbox, sms: Sms) -> None:
    sandbox.fault(OP, "http_500", times=-1)
    with pytest.raises(Unknown):
        sms.send(phone="13900000001", template="login_code", params=CODE)
    assert sandbox.calls(OP) == 2


@pytest.mark.parametrize(
    ("kind", "wanted"), [("too_many", Busy), ("bad_template", Refused), ("bad_signature", Busy)]
)
def test_every_refusal_has_its_word(
    sandbox: Sandbox, sms: Sms, kind: str, wanted: type[PlatformError]
) -> None:
    sandbox.fault(OP, kind)
    with pytest.raises(wanted) as refused:
        sms.send(phone="13900000001", template="login_code", params=CODE)
    assert refused.value.platform_code == kind


def test_a_wrong_key_is_busy_and_named(sandbox: Sandbox) -> None:
    with pytest.raises(Busy) as refused:
        Sms(sandbox.env["SMS_URL"], "another key", SHORT).send(phone="13900000001", template="t", params={})
    assert refused.value.platform_code == "bad_signature"


@pytest.mark.parametrize("phone", ["", "139 0000", "１３９００００００００１", "abc", "13900000001\n"])
def test_what_is_no_number_is_refused_here(sandbox: Sandbox, sms: Sms, phone: str) -> None:
    with pytest.raises(Refused):
        sms.send(phone=phone, template="login_code", params=CODE)
    assert sandbox.calls(OP) == 0


def test_odd_words_are_smoothed_before_they_are_sent(sandbox: Sandbox, sms: Sms) -> None:
    sms.send(phone="13900000001", template="notice", params={"thing": "居住证\n办理\ud800\0" * 50})
    assert "居住证 办理" in inbox(sandbox)[0]


def test_the_day_the_gateway_is_down_is_busy() -> None:
    with pytest.raises(Busy):
        Sms("http://127.0.0.1:9", "key", SHORT).send(phone="13900000001", template="t", params={})


def test_a_message_that_may_have_been_taken_stays_unknown(sandbox: Sandbox, sms: Sms) -> None:
    sandbox.fault(OP, "reset", after=True)
    sandbox.fault(OP, "http_429")
    with pytest.raises(Unknown):
        sms.send(phone="13900000001", template="login_code", params=CODE)
    assert len(inbox(sandbox)) == 1
