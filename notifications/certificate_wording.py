"""What is said about certificates (电子证照的消息)."""

from sqlalchemy.orm import Session

from app import clock
from app.certificates import queries, revoking
from app.certificates.events import CertificateIssued, CertificateRevoked
from notifications.drafts import CASE_PROGRESS, CERTIFICATE_READY, Draft, company, moment, thing


def certificate_issued(session: Session, event: CertificateIssued) -> Draft | None:
    """A certificate is ready to be shown."""
    if event.quiet:
        return None
    facts = queries.facts(session, certificate_id=event.certificate_id)
    return Draft(
        citizen_id=facts.citizen_id,
        company=company(facts.organisation_id, facts.task_code),
        subject=f"certificate:{event.certificate_id}:issued",
        title="电子证照已生成",
        text=f"您的“{facts.name}”电子证照已生成，可在“我的证照”里查看和出示。",
        page=f"pages/me/certificate?id={event.certificate_id}",
        template=CERTIFICATE_READY,
        fields={"thing1": thing(facts.name), "time2": moment(facts.issued_at), "thing3": "在我的证照里查看"},
    )


def certificate_revoked(session: Session, event: CertificateRevoked) -> Draft:
    """A certificate was ended, why, and what can be done."""
    facts = queries.facts(session, certificate_id=event.certificate_id)
    ended = revoking.of(session, certificate_id=event.certificate_id)
    why = "" if ended is None else f"原因：{revoking.sentence(ended)}。"
    return Draft(
        citizen_id=facts.citizen_id,
        company=company(facts.organisation_id, facts.task_code),
        subject=f"certificate:{event.certificate_id}:revoked",
        title="电子证照已撤销",
        text=f"您的“{facts.name}”已撤销，从现在起不能再用。{why}不服的，可以申请行政复议或者提起行政诉讼。",
        page=f"pages/me/certificate?id={event.certificate_id}",
        template=CASE_PROGRESS,
        fields={
            "thing1": thing(facts.name),
            "phrase2": "已撤销",
            "time3": moment(clock.now()),
            "thing4": thing("原因在我的证照里查看"),
        },
        must_arrive=True,
    )
