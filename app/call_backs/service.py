"""What came of a call (回访结果): written down once."""

from sqlalchemy import update
from sqlalchemy.orm import Session

from app import clock
from app.call_backs.errors import CallBackUnsaid, CalledAlready
from app.call_backs.models import CallBack, Result
from app.cases.officers import Officer
from app.plain_text import readable

LONGEST = 500


def note(
    session: Session, *, call_back_id: int, officer: Officer, result: Result, said: str = ""
) -> CallBack:
    """Write down what came of a call; of two who do, one does. Raises CallBackUnsaid, CalledAlready."""
    words = readable(said)
    if len(words) > LONGEST or (result is Result.UNSATISFIED and not words):
        raise CallBackUnsaid
    noted = session.scalars(
        update(CallBack)
        .where(CallBack.id == call_back_id, CallBack.result.is_(None))
        .values(
            result=result.value,
            said=words or None,
            called_at=clock.now(),
            clerk_id=officer.clerk_id,
            clerk_name=officer.name,
        )
        .returning(CallBack)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if noted is None:
        raise CalledAlready
    return noted
