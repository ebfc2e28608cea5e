"""What can be done with people: let them in, know them again, keep their number (市民服务)."""

from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app import clock
from app.events import publish
from app.people import phones
from app.people.errors import CitizenUnknown, PhoneTaken
from app.people.events import CitizenJoined
from app.people.models import Assurance, Citizen, Platform, PlatformIdentity

# The app id under which a phone number is an account of its own.
BY_PHONE = "phone"
# The accounts that share WeChat's union ids.
_WECHAT = (Platform.WECHAT, Platform.WECHAT_OA)


def enter_by_wechat(session: Session, *, app_id: str, open_id: str, union_id: str | None) -> Citizen:
    """The citizen behind a WeChat account (微信登录): made at the first login, found ever after.

    The same union id is the same person, also across our mini-programs and the official account.
    """
    return _enter(session, platform=Platform.WECHAT, app_id=app_id, open_id=open_id, union_id=union_id)


def enter_by_alipay(session: Session, *, app_id: str, open_id: str, user_id: str | None = None) -> Citizen:
    """The citizen behind an Alipay account (支付宝登录): made at the first login, found ever after.

    Older apps are told a user id (2088…) instead of an open id and pass it as both; while an app moves from
    one to the other it is told both, and the user id leads to the citizen who came before the move.
    """
    return _enter(session, platform=Platform.ALIPAY, app_id=app_id, open_id=open_id, union_id=user_id)


def enter_by_phone(session: Session, *, phone: str) -> Citizen:
    """The citizen who has just proved that a number is theirs (手机号登录).

    Whoever bound the number first on any platform is found; otherwise a citizen is made.
    """
    number = phones.normal(phone)
    citizen = _enter(session, platform=Platform.H5, app_id=BY_PHONE, open_id=_phone_account(number))
    if citizen.phone is None:
        _keep_phone(citizen, number)
        session.flush()
    return citizen


def link_official_account(session: Session, *, app_id: str, open_id: str, union_id: str | None) -> int | None:
    """Whose follower this is (公众号粉丝): the citizen's id, or None while they never logged in.

    A follower is linked by the union id and remembered, so that later messages need no question to WeChat.
    """
    known = _find(session, platform=Platform.WECHAT_OA, app_id=app_id, open_id=open_id)
    if known is not None:
        return known.citizen_id
    if union_id is None:
        return None
    citizen_id = _citizen_of_union(session, union_id, _WECHAT)
    if citizen_id is None:
        return None
    _add_identity(
        session,
        citizen_id=citizen_id,
        platform=Platform.WECHAT_OA,
        app_id=app_id,
        open_id=open_id,
        union_id=union_id,
    )
    kept = _find(session, platform=Platform.WECHAT_OA, app_id=app_id, open_id=open_id)
    return None if kept is None else kept.citizen_id


def bind_phone(session: Session, *, citizen_id: int, phone: str) -> Citizen:
    """Keep a number that a platform or an SMS code has just vouched for (绑定手机号).

    The number also becomes a way in, unless it already is somebody's; an old number stops being one.
    Raises PhoneTaken when that would leave the citizen without any way in.
    """
    number = phones.normal(phone)
    account = _phone_account(number)
    _one_at_a_time(session, f"{Platform.H5}\n{BY_PHONE}\n{account}")
    citizen = session.get(Citizen, citizen_id, with_for_update=True)
    if citizen is None:
        raise CitizenUnknown
    _add_identity(
        session, citizen_id=citizen_id, platform=Platform.H5, app_id=BY_PHONE, open_id=account, union_id=None
    )
    session.execute(
        delete(PlatformIdentity).where(
            PlatformIdentity.citizen_id == citizen_id,
            PlatformIdentity.platform == Platform.H5,
            PlatformIdentity.open_id != account,
        )
    )
    ways_in = select(func.count()).where(
        PlatformIdentity.citizen_id == citizen_id, PlatformIdentity.platform != Platform.WECHAT_OA
    )
    if not session.scalar(ways_in):
        raise PhoneTaken
    _keep_phone(citizen, number)
    session.flush()
    return citizen


def change_preferences(session: Session, *, citizen_id: int, changes: dict[str, Any]) -> Citizen:
    """Keep what a citizen prefers (偏好); other preferences stay, also when two phones save at once."""
    changed = session.scalar(
        update(Citizen)
        .where(Citizen.id == citizen_id, Citizen.closed_at.is_(None))
        .values(preferences=Citizen.preferences.concat(changes))
        .returning(Citizen)
        .execution_options(populate_existing=True)
    )
    if changed is None:
        raise CitizenUnknown
    return changed


def _enter(
    session: Session, *, platform: Platform, app_id: str, open_id: str, union_id: str | None = None
) -> Citizen:
    known = _find(session, platform=platform, app_id=app_id, open_id=open_id)
    if known is None:
        _one_at_a_time(session, f"{platform}\n{app_id}\n{open_id}")
        if union_id is not None:
            _one_at_a_time(session, f"union\n{platform}\n{union_id}")
        known = _find(session, platform=platform, app_id=app_id, open_id=open_id)
    if known is not None:
        if union_id is not None and known.union_id is None:
            known.union_id = union_id
        return session.get_one(Citizen, known.citizen_id)
    family = _WECHAT if platform is Platform.WECHAT else (platform,)
    citizen_id = None if union_id is None else _citizen_of_union(session, union_id, family)
    citizen = _join(session) if citizen_id is None else session.get_one(Citizen, citizen_id)
    session.add(
        PlatformIdentity(
            citizen_id=citizen.id,
            platform=platform,
            app_id=app_id,
            open_id=open_id,
            union_id=union_id,
            created_at=clock.now(),
        )
    )
    session.flush()
    return citizen


def _one_at_a_time(session: Session, account: str) -> None:
    """Two first logins of one account wait for each other; the lock ends with the transaction.

    The unique constraint alone would refuse the second one; the lock lets it find the first one's citizen.
    The account is always locked before its union, so nobody waits in a circle.
    """
    session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"people\n{account}", 0))))


def _find(session: Session, *, platform: Platform, app_id: str, open_id: str) -> PlatformIdentity | None:
    return session.scalar(
        select(PlatformIdentity).where(
            PlatformIdentity.platform == platform,
            PlatformIdentity.app_id == app_id,
            PlatformIdentity.open_id == open_id,
        )
    )


def _citizen_of_union(session: Session, union_id: str, among: tuple[Platform, ...]) -> int | None:
    return session.scalar(
        select(PlatformIdentity.citizen_id)
        .where(PlatformIdentity.union_id == union_id, PlatformIdentity.platform.in_(among))
        .order_by(PlatformIdentity.id)
        .limit(1)
    )


def _join(session: Session) -> Citizen:
    citizen = Citizen(created_at=clock.now(), preferences={})
    session.add(citizen)
    session.flush()
    publish(session, CitizenJoined(citizen.id))
    return citizen


def _add_identity(
    session: Session,
    *,
    citizen_id: int,
    platform: Platform,
    app_id: str,
    open_id: str,
    union_id: str | None,
) -> None:
    """Add an account of a citizen unless it already is somebody's."""
    session.execute(
        insert(PlatformIdentity)
        .values(
            citizen_id=citizen_id,
            platform=platform,
            app_id=app_id,
            open_id=open_id,
            union_id=union_id,
            created_at=clock.now(),
        )
        .on_conflict_do_nothing()
    )


def _phone_account(number: str) -> str:
    return phones.index(number).hex()


def _keep_phone(citizen: Citizen, number: str) -> None:
    citizen.phone = number
    citizen.phone_index = phones.index(number)
    citizen.assurance = max(citizen.assurance, Assurance.PHONE)
