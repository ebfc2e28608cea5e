"""Showing a certificate: five minutes, chosen facts, every look written down, offline as well."""

import base64
import json
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app import clock
from app.certificates import looking, revoking, sharing, statements
from app.certificates.errors import (
    CertificateNotFound,
    CertificateNotValid,
    LookedTooOften,
    ShownTooOften,
)
from app.certificates.looking import Outcome, Seen
from app.certificates.models import Certificate, RevocationGround
from app.certificates.share_models import CertificateShare
from app.certificates.sharing import Showing, Shown
from app.db import unit_of_work
from app.people.models import Citizen
from app.signatures import keys
from tests import case_fixtures
from tests.case_fixtures import decide
from tests.city_fixtures import MONDAY
from tests.races import Meeting, refusals, together

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def held(citizen: int) -> Showing:
    case = decide(case_fixtures.accepted(citizen))
    with unit_of_work() as session:
        found = session.scalars(select(Certificate.id).where(Certificate.case_id == case.id)).one()
    return Showing(found, citizen)


def show(held: Showing, *facts: str) -> Shown:
    with unit_of_work() as session:
        return sharing.show(session, held, facts=facts)


def look(shown: Shown, *, caller: str = "203.0.113.9") -> Seen:
    token = shown.content.rsplit("/", 1)[1]
    with unit_of_work() as session:
        return looking.look(session, token=token, caller_address=caller)


def revoke(held: Showing) -> None:
    with unit_of_work() as session:
        revoking.revoke(
            session,
            certificate_id=held.certificate_id,
            ground=RevocationGround.DECEIT,
            said="材料是伪造的",
            clerk_id=2,
            clerk_name="陈审批",
        )


def change(held: Showing, **values: object) -> None:
    with unit_of_work() as session:
        found = session.get_one(Certificate, held.certificate_id)
        for name, value in values.items():
            setattr(found, name, value)


def expire(held: Showing) -> None:
    """Its last day was yesterday."""
    change(held, issued_on=clock.today() - timedelta(days=9), valid_until=clock.today() - timedelta(days=1))


def checked(
    shown: Shown, tmp_path: Path, *, at: float = MONDAY.timestamp()
) -> subprocess.CompletedProcess[str]:
    """What the reader that knows nothing of ours says."""
    published = tmp_path / "keys.json"
    published.write_text(json.dumps({"keys": [keys.as_jwk(key) for key in keys.published()]}))
    line = [sys.executable, "docs/check_certificate.py", str(published), shown.content, str(at)]
    return subprocess.run(line, cwd=ROOT, capture_output=True, text=True, check=False)


def test_whoever_scans_sees_the_least_unless_the_holder_chose_more(held: Showing) -> None:
    least = look(show(held))
    more = look(show(held, "holder_name", "holder_number"))

    assert (least.outcome, least.state, least.holder, least.facts) == (Outcome.SHOWN, "valid", "**明", ())
    assert (more.holder, more.facts) == ("王小明", (("证件号码", "1****************X"),))


def test_the_last_day_is_shown_and_the_day_after_is_not(held: Showing) -> None:
    change(held, valid_until=clock.today())
    assert look(show(held)).state == "valid"

    with clock.stopped_at(MONDAY + timedelta(days=1)), pytest.raises(CertificateNotValid):
        show(held)


@pytest.mark.parametrize("ended", [revoke, expire])
def test_what_does_not_stand_is_not_shown(held: Showing, ended: Callable[[Showing], None]) -> None:
    ended(held)

    with pytest.raises(CertificateNotValid):
        show(held)


def test_who_scans_what_was_revoked_meanwhile_sees_that(held: Showing) -> None:
    shown = show(held)
    revoke(held)

    assert look(shown).state == "revoked"


def test_a_showing_is_over_after_five_minutes(held: Showing) -> None:
    shown = show(held)
    with clock.stopped_at(MONDAY + timedelta(minutes=5, seconds=-1)):
        assert look(shown).outcome is Outcome.SHOWN

    with clock.stopped_at(MONDAY + timedelta(minutes=5)):
        assert look(shown) == Seen(Outcome.OVER)


def test_showing_again_ends_the_code_before_and_ending_ends_it(held: Showing) -> None:
    first, second = show(held), show(held)
    assert [look(each).outcome for each in (first, second)] == [Outcome.OVER, Outcome.SHOWN]

    with unit_of_work() as session:
        sharing.end(session, held)
        sharing.end(session, held)
    assert look(second).outcome is Outcome.OVER


def test_every_look_is_there_for_the_holder(held: Showing) -> None:
    shown = show(held)
    look(shown)
    with clock.stopped_at(MONDAY + timedelta(minutes=1)):
        look(shown)

    with unit_of_work() as session:
        [past] = looking.past(session, certificate_id=held.certificate_id)
    assert past.looks == (MONDAY, MONDAY + timedelta(minutes=1))


def sharing_ended(held: Showing) -> None:
    with unit_of_work() as session:
        sharing.end(session, held)


@pytest.mark.parametrize("act", [show, sharing_ended])
def test_anothers_certificate_is_not_there(held: Showing, act: Callable[[Showing], object]) -> None:
    other = Showing(held.certificate_id, case_fixtures.citizen("李四"))

    with pytest.raises(CertificateNotFound):
        act(other)


@pytest.mark.parametrize("token", ["", "x", "A" * 300, "é" * 200, "A" * 2000])
def test_what_we_did_not_sign_shows_nothing(held: Showing, token: str) -> None:
    assert look(Shown(f"x/{token}", MONDAY)) == Seen(Outcome.UNKNOWN)


def test_a_changed_letter_anywhere_makes_a_code_unknown(held: Showing) -> None:
    token = show(held).content.rsplit("/", 1)[1]
    for place in range(0, len(token), 3):
        other = token[:place] + ("A" if token[place] != "A" else "B") + token[place + 1 :]
        assert statements.read(other) is None


def test_looking_and_showing_have_their_limits(held: Showing) -> None:
    shown = show(held)
    for _ in range(looking.TRIES):
        look(shown)
    with pytest.raises(LookedTooOften):
        look(shown)
    assert look(shown, caller="198.51.100.7").outcome is Outcome.SHOWN

    for _ in range(sharing._SHOWINGS - 1):
        show(held)
    with pytest.raises(ShownTooOften):
        show(held)


def test_somebody_without_a_network_reads_what_the_city_states(held: Showing, tmp_path: Path) -> None:
    found = checked(show(held), tmp_path)
    said = json.loads(found.stdout)

    assert (found.returncode, said["holder"], said["kind"]) == (0, "**明", "shown")
    assert said["identifier"].startswith("1.2.156.3005.2.")
    assert said["as_of"] == MONDAY.isoformat()


def test_without_a_network_an_old_or_changed_code_is_refused(held: Showing, tmp_path: Path) -> None:
    shown = show(held)
    address, token = shown.content.rsplit("/", 1)
    raw = bytearray(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)))
    raw[33] ^= 1
    changed = base64.urlsafe_b64encode(raw).rstrip(b"=").decode()

    assert "over" in checked(shown, tmp_path, at=MONDAY.timestamp() + 300).stderr
    assert "signature" in checked(Shown(f"{address}/{changed}", MONDAY), tmp_path).stderr


def test_the_code_on_paper_says_how_the_certificate_stands_today(held: Showing, tmp_path: Path) -> None:
    with unit_of_work() as session:
        printed = Shown(sharing.printed(session.get_one(Certificate, held.certificate_id)), MONDAY)
    assert look(printed).state == "valid"
    assert json.loads(checked(printed, tmp_path).stdout)["kind"] == "printed"

    revoke(held)
    assert look(printed).state == "revoked"


def test_two_taps_at_once_leave_one_code_that_is_good(held: Showing) -> None:
    shown = together(*[lambda: show(held)] * 4)

    good = [each for each in shown if isinstance(each, Shown) and look(each).outcome is Outcome.SHOWN]
    assert (refusals(shown, CertificateNotValid), len(good)) == (0, 1)


def test_without_the_lock_two_taps_would_break(held: Showing, monkeypatch: pytest.MonkeyPatch) -> None:
    meeting = Meeting()

    def unheld(session: Session, *, certificate_id: int) -> Certificate:
        return session.get_one(Certificate, certificate_id)

    def end_and_meet(session: object, showing: Showing) -> None:
        meeting.wait()

    monkeypatch.setattr(revoking, "held", unheld)
    monkeypatch.setattr(sharing, "end", end_and_meet)

    with pytest.raises(IntegrityError):
        together(lambda: show(held), lambda: show(held))


def test_old_showings_are_forgotten_with_their_looks(held: Showing) -> None:
    look(show(held))
    with clock.stopped_at(MONDAY + looking.KEPT_FOR + timedelta(days=1)):
        looking.forget_old()

    with unit_of_work() as session:
        assert session.scalars(select(CertificateShare)).all() == []


def test_showing_and_closing_the_account_do_not_wait_in_a_circle(held: Showing) -> None:
    show(held)
    begun = Meeting()

    def closes() -> None:
        with unit_of_work() as session:
            session.get_one(Citizen, held.citizen_id, with_for_update=True)
            begun.wait()
            # Long enough for the holder to come as far as a row that is held.
            Meeting().wait()
            session.execute(delete(CertificateShare).where(CertificateShare.citizen_id == held.citizen_id))

    def shows() -> None:
        begun.wait()
        show(held)

    assert together(closes, shows) == [None, None]
