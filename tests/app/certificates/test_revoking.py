"""Ending a certificate before its day: on a ground of the law, once, and nobody is offered it any more."""

from functools import partial
from typing import Any

import pytest
from sqlalchemy import select

from app.cases import completeness, proofs
from app.cases.dossier import Dossier
from app.cases.models import Case
from app.certificates import revoking
from app.certificates.errors import CertificateRevokedBefore, RevocationUnsaid
from app.certificates.models import Certificate, RevocationGround
from app.db import unit_of_work
from notifications.models import Message
from tests import case_fixtures
from tests.case_fixtures import decide
from tests.races import refusals, together


def granted(citizen: int) -> int:
    case = decide(case_fixtures.accepted(citizen))
    with unit_of_work() as session:
        return session.scalars(select(Certificate.id).where(Certificate.case_id == case.id)).one()


def revoke(
    certificate_id: int, ground: str = RevocationGround.DECEIT, said: str = "材料是伪造的"
) -> Certificate:
    with unit_of_work() as session:
        return revoking.revoke(
            session,
            certificate_id=certificate_id,
            ground=ground,
            said=said,
            clerk_id=2,
            clerk_name="陈审批",
        )


def test_the_holder_is_told_why_and_by_which_law(citizen: int, deliver: Any) -> None:
    revoke(granted(citizen))
    deliver()

    with unit_of_work() as session:
        told = session.scalars(select(Message.text).where(Message.title == "电子证照已撤销")).one()
    assert "材料是伪造的" in told
    assert "第六十九条第二款" in told


def test_every_ground_has_its_words() -> None:
    assert set(revoking.GROUNDS) == set(RevocationGround)


@pytest.mark.parametrize(
    ("ground", "said"), [("", "x"), ("other", "x"), ("deceit", " "), ("deceit", "x" * 501)]
)
def test_without_a_ground_and_a_reason_nothing_ends(citizen: int, ground: str, said: str) -> None:
    with pytest.raises(RevocationUnsaid):
        revoke(granted(citizen), ground, said)


def test_of_two_approvers_one_ends_it(citizen: int) -> None:
    certificate_id = granted(citizen)
    found = together(*[partial(revoke, certificate_id)] * 3)

    assert refusals(found, CertificateRevokedBefore) == 2


def test_a_draft_cannot_lean_on_a_certificate_that_was_ended(citizen: int) -> None:
    certificate_id = granted(citizen)
    case_no = case_fixtures.ready(citizen)
    code = case_fixtures.mandatory_materials(case_no)[0]
    with unit_of_work() as session:
        case = session.scalars(select(Case).where(Case.case_no == case_no)).one()
        proofs.take(
            session,
            case=case,
            material_code="given",
            certificate=session.get_one(Certificate, certificate_id),
        )
        assert proofs.standing(session, case_id=case.id) == {"given"}
        assert code not in completeness._given(Dossier(session, case))

    revoke(certificate_id)
    with unit_of_work() as session:
        assert completeness._given(Dossier(session, session.get_one(Case, case.id))) == frozenset()
