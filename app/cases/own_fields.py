"""What of a form agents and helpers leave to the applicant (代办人、帮办人员不能改的).

Who applies, where money and paper go.
"""

from collections.abc import Mapping, Sequence

from sqlalchemy.orm import Session

from app import on_behalf
from app.cases import ways
from app.cases.errors import FormRefused
from app.cases.forms import Form, FormField
from app.cases.models import Case
from app.cases.ways import Way
from app.people import queries as people

_REACHED_AT = frozenset({"phone", "address"})


def refuse_agent(
    session: Session, case: Case, *, fields: Sequence[FormField], before: Form, after: Form
) -> None:
    """Raise FormRefused where an agent, or a clerk who helps, changed what is the applicant's own hand.

    What an applicant of no account needs is theirs to fill in: an address, a phone. Paper is never sent to
    it, but waits at a hall (`deliveries.service.begin`).
    """
    if on_behalf.agent() is None and on_behalf.helper() is None:
        return
    citizen = people.citizen(session, citizen_id=case.citizen_id)
    proven = {"applicant_name": citizen.name, "id_number": citizen.id_number}
    changed = (field for field in fields if before.values.get(field.key) != after.values.get(field.key))
    told = {field.key: _why(case, field, before=before, after=after, proven=proven) for field in changed}
    errors = {key: [sentence] for key, sentence in told.items() if sentence}
    if errors:
        raise FormRefused(errors=errors)


def _why(case: Case, field: FormField, *, before: Form, after: Form, proven: Mapping[str, str | None]) -> str:
    """Why an agent may not change a field as they did; empty when they may."""
    said = after.values.get(field.key, "")
    own_case = case.submitted_at is not None and case.delegation_id is None
    known = field.key in before.sources
    if proven.get(field.key) not in {None, said}:
        return f"{field.label}要和申请人的实名一致，别人不能改"
    if field.own_hand:
        return f"{field.label}要本人填：请申请人在自己的手机上填，或本人到窗口"
    if field.key == ways.FIELD and said and ways.of(said) is Way.POST:
        return "邮寄要申请人自己选，由别人填时请选别的领取方式"
    if field.key in _REACHED_AT and (own_case or (known and field.key == "phone")):
        return f"{field.label}是申请人自己的，别人不能改"
    return ""
