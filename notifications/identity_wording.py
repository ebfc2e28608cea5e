"""What is said about who somebody is (实名核验的消息)."""

from sqlalchemy.orm import Session

from app import clock
from app.people.events import IdentityProven, IdentityWithdrawn
from notifications.drafts import CASE_PROGRESS, Draft, moment, thing

_PAGE = "pages/me/profile"
_DOUBT = "不是您本人办的，请马上拨打12345。"


def identity_proven(session: Session, event: IdentityProven) -> Draft:
    """A clerk saw the document."""
    del session
    return _draft(
        event.citizen_id,
        happening=f"proven:{event.at}",
        title="实名核验已完成",
        text=f"窗口工作人员已看过{event.document}，您的账号完成实名核验。{_DOUBT}",
        state="已实名",
    )


def identity_withdrawn(session: Session, event: IdentityWithdrawn) -> Draft:
    """A supervisor took it back."""
    del session
    return _draft(
        event.citizen_id,
        happening=f"withdrawn:{event.at}",
        title="实名核验已撤销",
        text="您账号的实名核验结果登记有误，已经撤销；以前交的办件不受影响。请带证件到窗口重新核验。",
        state="已撤销",
    )


def _draft(citizen_id: int, *, happening: str, title: str, text: str, state: str) -> Draft:
    now = clock.now()
    return Draft(
        citizen_id=citizen_id,
        subject=f"identity:{happening}",
        title=title,
        text=text,
        page=_PAGE,
        template=CASE_PROGRESS,
        fields={
            "thing1": thing("实名核验"),
            "phrase2": state,
            "time3": moment(now),
            "thing4": thing(title),
        },
        must_arrive=True,
    )
