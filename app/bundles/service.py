"""What can be done with bundles (导入一件事)."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import func
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.bundles.errors import BundleRefused
from app.bundles.models import Bundle
from app.catalogue import generation, queries

_AUDIENCES = {"个人": "personal", "法人": "business"}
_NEEDED = ("package_key", "name", "audience", "item_codes", "items", "parallel", "provenance")


def load(session: Session, *, bundles: Sequence[Mapping[str, Any]]) -> int:
    """Store bundles by their keys in the given order; returns how many are new or changed.

    Raises BundleRefused when a bundle lacks a field, names an item that is not public, or orders items
    (`parallel`) that it does not hold.
    """
    wanted = [code for bundle in bundles for code in bundle.get("item_codes", [])]
    public = queries.cards_of(session, task_codes=wanted)
    rows = [_row(place, bundle, public) for place, bundle in enumerate(bundles)]
    if not rows:
        return 0
    statement = insert(Bundle).values(rows)
    new = {name: statement.excluded[name] for name in rows[0] if name != "bundle_key"}
    columns = Bundle.__table__.c
    differs = func.row(*(columns[name] for name in new)).is_distinct_from(func.row(*new.values()))
    changed = session.execute(
        statement.on_conflict_do_update(index_elements=["bundle_key"], set_=new, where=differs).returning(
            Bundle.bundle_key
        )
    ).all()
    if changed:
        generation.advance(session)
    return len(changed)


def _row(place: int, bundle: Mapping[str, Any], public: Mapping[str, Any]) -> dict[str, Any]:
    key = bundle.get("package_key", f"number {place + 1}")
    missing = [name for name in _NEEDED if name not in bundle]
    if missing:
        raise BundleRefused(f"bundle {key}: {missing[0]} is missing")
    if bundle["audience"] not in _AUDIENCES:
        raise BundleRefused(f"bundle {key}: audience must be one of {', '.join(_AUDIENCES)}")
    if "licence" in bundle and not (bundle["licence"] or {}).get("name"):
        raise BundleRefused(f"bundle {key}: licence must have a name")
    _refuse_odd_sameness(bundle, key)
    unknown = [code for code in bundle["item_codes"] if code not in public]
    if unknown:
        raise BundleRefused(f"bundle {key}: {unknown[0]} is no public item")
    ordered = [item for step in bundle["parallel"] for item in step]
    if sorted(ordered) != sorted(bundle["items"]):
        raise BundleRefused(f"bundle {key}: parallel must order exactly the items of the bundle")
    return {
        "bundle_key": key,
        "place": place,
        "name": bundle["name"],
        "audience": _AUDIENCES[bundle["audience"]],
        "task_codes": list(bundle["item_codes"]),
        "body": dict(bundle),
        "provenance": bundle["provenance"],
    }


def _refuse_odd_sameness(bundle: Mapping[str, Any], key: str) -> None:
    """`same_questions` holds words, and under each at least two questions as `<item key>-<question>`."""
    same = bundle.get("same_questions", {})
    fine = isinstance(same, Mapping) and all(
        isinstance(names, list) and len(names) > 1 for names in same.values()
    )
    if not fine:
        raise BundleRefused(
            f"bundle {key}: same_questions must name at least two questions under their words"
        )
    items = set(bundle["items"])
    strangers = [
        name for names in same.values() for name in names if str(name).rpartition("-")[0] not in items
    ]
    if strangers:
        raise BundleRefused(f"bundle {key}: {strangers[0]} is no question of its items")
