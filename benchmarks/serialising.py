"""What it costs to turn what is stored into an answer: lists and hits, against orjson alone and marshmallow.

A guide itself is read as finished bytes and serialises nothing; `guide_detail` measures it.
"""

import json
import sys
from pathlib import Path
from typing import Any

import orjson

from app.catalogue import cards
from app.catalogue.search import Hit
from benchmarks.ratios import measure, report
from miniprogram_api import etags
from miniprogram_api.guides import HitOut, hit_document

PAGE = 20
FLOOR = 1 / 2.5
Card = dict[str, Any]
_ITEMS = Path(__file__).resolve().parents[1] / "demo" / "items.json"


def main() -> int:
    """Measure and say whether at most 2.5 times the cost of orjson alone is spent."""
    page = [cards.card(item, version=1) for item in json.loads(_ITEMS.read_bytes())["items"][:PAGE]]
    reached = [of_lists(page), of_hits(page)]
    return 0 if all(reached) else 1


def of_lists(page: list[Card]) -> bool:
    """A page of a list, which is answered as it is stored."""

    def ours() -> bytes:
        return orjson.dumps({"items": page, "next_cursor": None})

    body = orjson.loads(ours())
    found = measure(
        {"ours": ours, "tagged": lambda: etags.kept(body), "orjson": lambda: orjson.dumps(body)},
        against="orjson",
    )
    print(f"with its ETag : orjson, a list of {PAGE}: {found['tagged']:.2f}")
    return report(f"ours : orjson, a list of {PAGE}", found["ours"], floor=FLOOR)


def of_hits(page: list[Card]) -> bool:
    """A page of hits, each a card with why it was found."""
    hits = [
        Hit("guide", one["task_code"], one["name"], one["name"], "name", 1, ["证"], 0.5, "") for one in page
    ]
    schema = HitOut(many=True)

    def ours() -> bytes:
        return orjson.dumps({"items": [hit_document(hit, one) for hit, one in zip(hits, page, strict=True)]})

    def by_schema() -> bytes:
        shown = [
            {**one, "highlight": hit, "answer": None, "score": hit.score}
            for hit, one in zip(hits, page, strict=True)
        ]
        return orjson.dumps({"items": schema.dump(shown)})

    body = orjson.loads(ours())
    if body != orjson.loads(by_schema()):
        raise SystemExit("hits are not what their schema says")
    sides = {"ours": ours, "marshmallow": by_schema, "orjson": lambda: orjson.dumps(body)}
    found = measure(sides, against="orjson")
    print(f"marshmallow : orjson, {PAGE} hits: {found['marshmallow']:.3f}")
    return report(f"ours : orjson, {PAGE} hits", found["ours"], floor=FLOOR)


if __name__ == "__main__":
    sys.exit(main())
