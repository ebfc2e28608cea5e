"""The certificate of a case at the desk (电子证照): how it stands, who was shown it, ending it."""

from flask import Response, request
from flask.typing import ResponseReturnValue

from app import clock
from app.certificates import revoking, sharing
from app.db import unit_of_work
from app.desk import certificates, duties
from app.errors import DomainError
from console import callers, pages
from console.callers import Staff
from console.forms import NoticeIn
from console.making import console_door

door = console_door("console_certificates")

_DONE = {"revoked": "证照已撤销，持证人会收到消息和原因。从现在起谁也不能再用它。"}
_STATES = {"valid": ("有效", "green"), "expired": ("已过期", "amber"), "revoked": ("已撤销", "red")}
_MENDABLE = {409, 422}


@door.get("/cases/<case_no>/certificate", auth=Staff(duties.READING), query=NoticeIn)
def certificate(case_no: str, query: dict[str, str]) -> ResponseReturnValue:
    """Show the certificate that a case gave (电子证照)."""
    return _page(case_no, notice=_DONE.get(query["done"], ""))


@door.post("/cases/<case_no>/certificate/revoke", auth=Staff(duties.DECIDING))
def revoke(case_no: str) -> ResponseReturnValue:
    """End the certificate on a ground of the law (撤销、注销)."""
    try:
        with unit_of_work() as session:
            certificates.revoke(
                session,
                clerk=callers.current_clerk(),
                case_no=case_no,
                ground=request.form.get("ground", ""),
                said=request.form.get("said", ""),
            )
    except DomainError as refusal:
        if refusal.status not in _MENDABLE:
            raise
        return _page(case_no, refusal=refusal)
    return pages.see_other("console_certificates.certificate", case_no=case_no, done="revoked")


def _page(case_no: str, *, notice: str = "", refusal: DomainError | None = None) -> Response:
    clerk = callers.current_clerk()
    with unit_of_work() as session:
        seen = certificates.look_at(session, clerk=clerk, case_no=case_no)
    state = seen.certificate.state_on(clock.today())
    return pages.page(
        "certificate.html",
        status=200 if refusal is None else refusal.status,
        case=seen.case,
        seen=seen,
        state=_STATES[state],
        why=None if seen.revocation is None else revoking.sentence(seen.revocation),
        facts=sharing.FACTS,
        grounds=revoking.GROUNDS,
        may_revoke=bool(clerk.roles & duties.DECIDING) and state == "valid",
        longest=revoking.LONGEST,
        notice=notice,
        refusal=refusal,
        typed=request.form,
    )
