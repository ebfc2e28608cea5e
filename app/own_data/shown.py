"""What was shown of certificates and when somebody looked, in full (导出亮证记录)."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.certificates import looking, sharing
from app.certificates.models import Certificate
from app.certificates.share_models import CertificateShare
from app.own_data.export import Row, Section, Turn


def showings(session: Session, turn: Turn) -> list[Row]:
    """Showings with every look; of the codes only hashes exist."""
    asked = select(CertificateShare).where(CertificateShare.citizen_id == turn.citizen_id)
    if turn.before_id is not None:
        asked = asked.where(CertificateShare.id < turn.before_id)
    shares = session.scalars(asked.order_by(CertificateShare.id.desc()).limit(turn.limit)).all()
    named = select(Certificate.id, Certificate.name).where(
        Certificate.id.in_({share.certificate_id for share in shares})
    )
    names = {row.id: row.name for row in session.execute(named)}
    return [
        (
            past.share.id,
            {
                "certificate": names[past.share.certificate_id],
                "shown": [sharing.FACTS[fact] for fact in past.share.facts],
                "shown_at": past.share.shown_at,
                "expires_at": past.share.expires_at,
                "ended_at": past.share.ended_at,
                "looked_at": list(past.looks),
            },
        )
        for past in looking.with_looks(session, shares)
    ]


SECTIONS = (Section("certificate_showings", showings),)
