"""All that is kept about a citizen as one file (导出我的数据): 《个人信息保护法》 art. 45, access and copy.

The file is written while it is sent, a page of one kind at a time. Each page is read in a transaction of its
own, so that neither a long life nor a slow network keeps more than one page in memory or one connection
busy. Pages go back by id, so nothing is written twice; what comes to be meanwhile is in the next file.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import ceil
from typing import Any

import orjson
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app import clock
from app.audit import service as audit
from app.audit.models import AuditEntry
from app.db import unit_of_work
from app.own_data.errors import TooManyExports
from app.people import queries as people
from app.people.models import Assurance, Platform, PlatformIdentity

PER_DAY = 5
EXPORTED = "data_exported"
_DAY, _HOUR_S = timedelta(days=1), 3600
_ASSURANCE = {
    Assurance.PLATFORM: "平台登录",
    Assurance.PHONE: "手机号已验证",
    Assurance.REAL_NAME: "已实名",
}
PLATFORM_NAMES = {
    Platform.WECHAT: "微信小程序",
    Platform.WECHAT_OA: "微信公众号",
    Platform.ALIPAY: "支付宝",
    Platform.H5: "手机号",
}
_ABOUT = (
    "这是本系统保存的、关于您的全部信息。时间为北京时间，金额以分为单位。"
    "材料照片只列出清单，可在办件里查看原图。"
)


@dataclass(frozen=True, slots=True)
class Turn:
    """The next page of one kind: whose, below which key, how many."""

    citizen_id: int
    before_id: int | None
    limit: int


# The key by which the list goes on, and what the citizen reads.
Row = tuple[int, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Section:
    """One kind of things in the file, newest first; `most` are read at once."""

    name: str
    read: Callable[[Session, Turn], list[Row]]
    most: int = 100


def begin(session: Session, *, citizen_id: int) -> dict[str, Any]:
    """Note that a citizen takes their data along, and the head of the file.

    Raises TooManyExports at more than five in twenty-four hours, and CitizenUnknown.
    """
    actor = f"citizen:{citizen_id}"
    # Two taps count one after the other; the lock ends with the transaction.
    session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"export\n{actor}", 0))))
    _refuse_too_many(session, actor)
    head = {
        "about": {"made_at": clock.now(), "explanation": _ABOUT},
        "citizen": _citizen(session, citizen_id),
    }
    audit.record(session, actor=actor, action=EXPORTED, subject=actor, citizen_id=citizen_id)
    return head


def written(head: Mapping[str, Any], *, citizen_id: int, sections: Iterable[Section]) -> Iterator[bytes]:
    """The file piece by piece; not within a unit of work."""
    yield _json(head)[:-1]
    for section in sections:
        yield b"," + _json(section.name) + b":["
        yield from _pages(section, citizen_id)
        yield b"]"
    yield b"}"


def _pages(section: Section, citizen_id: int) -> Iterator[bytes]:
    before_id: int | None = None
    begun = False
    while True:
        with unit_of_work() as session:
            rows = section.read(session, Turn(citizen_id, before_id, section.most))
        if rows:
            piece = b",".join(_json(shown) for _, shown in rows)
            yield b"," + piece if begun else piece
            before_id, begun = rows[-1][0], True
        if len(rows) < section.most:
            return


def _refuse_too_many(session: Session, actor: str) -> None:
    now = clock.now()
    times = session.scalars(
        select(AuditEntry.at)
        .where(AuditEntry.actor == actor, AuditEntry.action == EXPORTED, AuditEntry.at > now - _DAY)
        .order_by(AuditEntry.id.desc())
        .limit(PER_DAY)
    ).all()
    if len(times) == PER_DAY:
        seconds = ceil((times[-1] + _DAY - now).total_seconds())
        raise TooManyExports(most=PER_DAY, hours=ceil(seconds / _HOUR_S), retry_after=seconds)


def _citizen(session: Session, citizen_id: int) -> dict[str, Any]:
    found = people.citizen(session, citizen_id=citizen_id)
    ways = session.scalars(
        select(PlatformIdentity)
        .where(PlatformIdentity.citizen_id == citizen_id)
        .order_by(PlatformIdentity.id)
    )
    return {
        "id": people.public_id(citizen_id),
        "name": found.name,
        "id_number": found.id_number,
        "phone": found.phone,
        "assurance": _ASSURANCE[Assurance(found.assurance)],
        "joined_at": found.created_at,
        "preferences": found.preferences,
        "platforms": [
            {
                "platform": PLATFORM_NAMES[Platform(way.platform)],
                "linked_at": way.created_at,
                "open_id": None if way.platform == Platform.H5 else way.open_id,
                "union_id": way.union_id,
            }
            for way in ways
        ],
        "closing_on": people.closing_on(session, citizen_id=citizen_id),
    }


def _json(value: object) -> bytes:
    return orjson.dumps(value, default=_plain, option=orjson.OPT_PASSTHROUGH_DATETIME)


def _plain(value: object) -> str:
    """Moments as the city's clocks show them."""
    if isinstance(value, datetime):
        return clock.local(value).isoformat(timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no place in the file")
