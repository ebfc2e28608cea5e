import base64
import io
import re
from datetime import timedelta
from xml.etree import ElementTree as ET

import pytest
import zxingcpp
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from PIL import Image
from sqlalchemy import true

from app import clock, settings
from app.codes import qr, service, tokens
from app.codes.errors import CodeExpired, CodeUnknown, CodeUsed, TooManyCodes
from app.codes.models import CodeKind, PersonalCode
from app.db import unit_of_work
from tests.people_fixtures import make_citizen
from tests.races import refusals, together

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def citizen(database: None) -> int:
    del database
    return make_citizen("王小明")


def show(citizen_id: int) -> service.Shown:
    with unit_of_work() as session:
        return service.show_personal(session, citizen_id=citizen_id)


def take(content: str, officer: str = "front01") -> int:
    with unit_of_work() as session:
        return service.redeem_personal(session, content=content, officer_name=officer)


def test_a_code_brings_the_citizen_once(citizen: int) -> None:
    shown = show(citizen)

    assert take(shown.content) == citizen
    with pytest.raises(CodeUsed):
        take(shown.content)


def test_a_code_lives_a_minute(citizen: int) -> None:
    shown = show(citizen)

    with clock.shifted_by(timedelta(seconds=61)), pytest.raises(CodeExpired):
        take(shown.content)


def test_the_bare_token_is_as_good_as_the_address(citizen: int) -> None:
    assert take(show(citizen).content.rsplit("/", 1)[1]) == citizen


def test_a_code_says_nothing_about_the_citizen_and_never_the_same_thing(citizen: int) -> None:
    first, second = show(citizen).content, show(citizen).content

    assert first != second
    assert first.startswith(f"{settings.current().public_url}/q/")
    assert len(first.rsplit("/", 1)[1]) == 114


@pytest.mark.parametrize("place", [0, 5, 30, 60, 113])
def test_a_changed_character_makes_a_code_unknown(citizen: int, place: int) -> None:
    token = show(citizen).content.rsplit("/", 1)[1]
    forged = token[:place] + ("A" if token[place] != "A" else "B") + token[place + 1 :]

    with pytest.raises(CodeUnknown):
        take(forged)


@pytest.mark.parametrize(
    "content", ["", "https://evil.example/q/" + "A" * 114, "A" * 114, "二维码" * 9, "%%%"]
)
def test_what_is_not_ours_is_unknown(content: str) -> None:
    with pytest.raises(CodeUnknown):
        take(content)


def test_a_genuine_code_whose_row_is_gone_brings_nobody() -> None:
    token, _ = tokens.new_personal(expires_at=clock.now() + timedelta(seconds=60))

    with pytest.raises(CodeUnknown):
        take(token)


def test_of_four_scanners_one_gets_the_citizen(citizen: int) -> None:
    content = show(citizen).content

    results = together(*[lambda: take(content)] * 4)

    assert results.count(citizen) == 1
    assert refusals(results, CodeUsed) == 3


def test_control_without_the_condition_every_scanner_gets_the_citizen(
    citizen: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = show(citizen).content
    monkeypatch.setattr(service, "_unused", true)

    assert together(*[lambda: take(content)] * 4) == [citizen] * 4


def test_who_scanned_is_kept(citizen: int) -> None:
    content = show(citizen).content
    take(content, "front07")

    id_hash = tokens.read_personal(tokens.token_in(content)).id_hash
    with unit_of_work() as session:
        assert session.get_one(PersonalCode, id_hash).used_by == "front07"


def test_an_impatient_thumb_is_asked_to_wait(citizen: int) -> None:
    for _ in range(20):
        show(citizen)

    with pytest.raises(TooManyCodes):
        show(citizen)
    with clock.shifted_by(timedelta(seconds=61)):
        assert show(citizen).content


def test_codes_that_are_over_are_forgotten(citizen: int) -> None:
    show(citizen)

    with unit_of_work() as session:
        assert service.forget_old(session) == 0
    with clock.shifted_by(timedelta(hours=2)), unit_of_work() as session:
        assert service.forget_old(session) == 1


def test_anybody_can_check_a_code_offline_with_the_public_key(citizen: int) -> None:
    token = show(citizen).content.rsplit("/", 1)[1]
    raw = base64.urlsafe_b64decode(token + "==")
    head, signature = raw[:21], raw[21:]
    key = Ed25519PublicKey.from_public_bytes(tokens.public_key())

    key.verify(signature, b"yima personal code 1\n" + head)
    assert 0 < int.from_bytes(head[17:], "big") - clock.now().timestamp() <= 60
    with pytest.raises(InvalidSignature):
        key.verify(signature, b"yima personal code 1\n" + bytes(21))


def test_a_thing_has_one_code_until_it_is_retired() -> None:
    with unit_of_work() as session:
        first = service.static_code(session, kind=CodeKind.GUIDE, target="T1")
        assert service.static_code(session, kind=CodeKind.GUIDE, target="T1") == first
        assert service.static_code(session, kind=CodeKind.GUIDE, target="T2") != first
        service.retire_static(session, kind=CodeKind.GUIDE, target="T1")
        assert service.static_code(session, kind=CodeKind.GUIDE, target="T1") != first


def test_two_who_make_the_code_of_a_thing_at_once_get_the_same() -> None:
    def make() -> str:
        with unit_of_work() as session:
            return service.static_code(session, kind=CodeKind.GUIDE, target="T1")

    assert len(set(together(*[make] * 4))) == 1


@pytest.mark.parametrize("mask", [None, qr.QUICK_MASK])
def test_the_picture_says_what_the_code_says(citizen: int, mask: int | None) -> None:
    content = show(citizen).content

    picture = Image.open(_as_file(qr.png(content, mask=mask)))

    assert [found.text for found in zxingcpp.read_barcodes(picture)] == [content]


def test_the_drawing_has_the_same_modules_as_the_picture(citizen: int) -> None:
    content = show(citizen).content

    assert [found.text for found in zxingcpp.read_barcodes(_drawn(qr.svg(content)))] == [content]


def _as_file(content: bytes) -> io.BytesIO:
    return io.BytesIO(content)


def _drawn(svg: bytes) -> Image.Image:
    """What a browser would paint, for the one path this drawing is made of."""
    root = ET.fromstring(svg)
    size = int(root.attrib["viewBox"].split()[2])
    picture = Image.new("L", (size, size), 255)
    for x, y, width in re.findall(r"M(\d+) (\d+)h(\d+)v1", root[1].attrib["d"]):
        picture.paste(0, (int(x), int(y), int(x) + int(width), int(y) + 1))
    return picture.resize((size * 6, size * 6), Image.Resampling.NEAREST)
