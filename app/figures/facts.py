"""Keeping the items' facts in step with their guides (事项要素更新): only what changed is read again."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.catalogue import cards
from app.figures.models import ItemFacts

_LOCK = 7_119_023_014  # the key of the advisory lock: one process reads, the others wait for it
_CHUNK = 2000
_PRELIMINARY = 2  # 网上预审
# What else than the channels of the list counts as a way of handling (办理方式).
_WAYS: dict[str, Callable[[Any], bool]] = {
    "kiosk": lambda said: said.is_service_terminals is True,
    "preliminary": lambda said: said.online_handle_depth == _PRELIMINARY,
    "instant": lambda said: said.project_type == "1",
    "promised": lambda said: said.project_type == "2",
    "commitment": lambda said: said.notify_commit is True,
    "tolerant": lambda said: said.tolerant_accept is True,
    "automatic": lambda said: said.auto_enjoy is True,
    "cross": lambda said: said.cross_province is True,
}

# First which guides, then what they say: each is unpacked once, and of its materials only their number and
# who is spared them leave the database.
_STALE = text("""
WITH stale AS MATERIALIZED (
  SELECT s.id AS item_id, v.id AS version_id
  FROM service_items s
  JOIN guide_versions v ON v.service_item_id = s.id AND v.effective_from <= :now
    AND (v.effective_to IS NULL OR v.effective_to > :now)
  LEFT JOIN item_facts f ON f.service_item_id = s.id
  WHERE s.state = '1' AND NOT s.secret AND s.id > :after AND f.guide_version_id IS DISTINCT FROM v.id
  ORDER BY s.id LIMIT :most
)
SELECT stale.item_id, stale.version_id, said.*,
  jsonb_path_query_array(said.materials, '$[*].type()') AS listed,
  jsonb_path_query_array(said.materials, '$[*].exempt_submit') AS exempt
FROM stale JOIN guide_versions v ON v.id = stale.version_id
CROSS JOIN LATERAL jsonb_to_record(v.body) AS said(
  use_level jsonb, task_type jsonb, limit_scene_num jsonb, is_online jsonb, online_handle_depth jsonb,
  handle_type jsonb, project_type jsonb, is_service_terminals jsonb, auto_enjoy jsonb, notify_commit jsonb,
  tolerant_accept jsonb, cross_province jsonb, four_ban jsonb, promise_day jsonb, promise_unit jsonb,
  anticipate_day jsonb, anticipate_unit jsonb, is_entry_center jsonb, window_group jsonb,
  transact_centers jsonb, special_procedure jsonb, legal_basis jsonb, materials jsonb)
ORDER BY stale.item_id
""")


def follow(session: Session, *, now: datetime) -> bool:
    """Bring the facts up to date, unless another process is at it; whether they are."""
    if not session.scalar(select(func.pg_try_advisory_xact_lock(_LOCK))):
        return False
    _read(session, now=now)
    return True


def refresh(session: Session, *, now: datetime) -> int:
    """Read the facts of items whose guide has changed; how many there were. Waits for others at it."""
    session.execute(select(func.pg_advisory_xact_lock(_LOCK)))
    return _read(session, now=now)


def _read(session: Session, *, now: datetime) -> int:
    read = after = 0
    while stale := session.execute(_STALE, {"now": now, "most": _CHUNK, "after": after}).all():
        statement = insert(ItemFacts)
        new = {name: statement.excluded[name] for name in ItemFacts.__table__.c.keys()}  # noqa: SIM118
        session.execute(
            statement.on_conflict_do_update(index_elements=["service_item_id"], set_=new),
            [_facts(said) for said in stale],
        )
        read, after = read + len(stale), stale[-1].item_id
    return read


def _facts(said: Row[Any]) -> dict[str, Any]:
    one_unit = said.promise_unit == said.anticipate_unit
    comparable = one_unit and said.promise_day is not None and _whole(said.anticipate_day) > 0
    four_ban = said.four_ban if isinstance(said.four_ban, dict) else {}
    channels = [cards.CHANNELS[code] for code in _listed(said.handle_type) if code in cards.CHANNELS]
    return {
        "service_item_id": said.item_id,
        "guide_version_id": said.version_id,
        "use_level": _word(said.use_level, 8),
        "task_type": _word(said.task_type, 8),
        "visits": min(_whole(said.limit_scene_num), 99),
        "online": said.is_online is True,
        "online_depth": min(_whole(said.online_handle_depth), 9),
        "ways": [*channels, *(way for way, is_offered in _WAYS.items() if is_offered(said))],
        "promise_days": _whole(said.promise_day) if comparable else None,
        "legal_days": _whole(said.anticipate_day) if comparable else None,
        "materials": len(said.listed or ()),
        "exempt": (said.exempt or []).count(True),
        "in_hall": said.is_entry_center is True,
        "nearby": four_ban.get("jiujin") is True,
        "field": _word(said.window_group, 64),
        "centres": sorted({_word(one, 16) for one in _listed(said.transact_centers)}),
        "special_steps": [_step(one, said.legal_basis) for one in _rows(said.special_procedure)],
    }


def _step(step: dict[str, Any], laws: object) -> dict[str, Any]:
    """A special step (特殊环节) in one shape: its days, their unit, its own basis or else the item's."""
    working = step.get("promise_workdays")
    basis = step.get("basis") or step.get("by_law")
    if not isinstance(basis, str):
        named = [f"《{law.get('law_name', '')}》{law.get('clause') or ''}" for law in _rows(laws)]
        basis = "；".join(named)
    return {
        "name": str(step.get("name", "")),
        "days": _whole(working if working is not None else step.get("promise_days")),
        "unit": "WORKDAY" if working is not None else _word(step.get("unit"), 16) or "DAY",
        "counted_in_limit": step.get("counted_in_limit") is True,
        "note": _word(step.get("note"), 1000),
        "basis": basis,
    }


def _rows(said: object) -> list[dict[str, Any]]:
    return [one for one in said if isinstance(one, dict)] if isinstance(said, list) else []


def _whole(said: object) -> int:
    return said if type(said) is int and said >= 0 else 0


def _word(said: object, longest: int) -> str:
    return said[:longest] if isinstance(said, str) else ""


def _listed(said: object) -> list[Any]:
    return [one for one in said if isinstance(one, str)] if isinstance(said, list) else []
