"""Guides (办事指南): search, complete, show, judge."""

import functools
from dataclasses import asdict
from datetime import date, datetime, time
from typing import Any

from flask import Response, request
from flask.typing import ResponseReturnValue
from marshmallow import Schema, ValidationError, fields, validate

from app import clock
from app.articles import search as articles
from app.catalogue import cards, documents, feedback, generation, queries, search, service
from app.db import Session, unit_of_work
from app.errors import Invalid
from app.forecasts import queries as forecasts
from app.papers import queries as papers
from miniprogram_api import cursors, etags
from miniprogram_api.articles import ArticleHitOut, ArticleTitleOut
from miniprogram_api.card_shapes import CardOut, HighlightOut
from miniprogram_api.forecast_shapes import ForecastOut
from miniprogram_api.guide_document import SHAPE, guide_document
from miniprogram_api.guide_shapes import GuideOut
from web import ready
from web.callers import MAYBE_CITIZEN, PUBLIC, audience_of, maybe_citizen_id
from web.door import Door

door = Door("guides", __name__, url_prefix="/api/v1/guides")

_DATE_LENGTH = len("2026-11-20")
_HITS = 100  # how deep a search may be leafed through
_PRINTABLE = validate.Predicate("isprintable", error="请去掉特殊符号")
_OF_A_SEARCH = {"x-optional": True, "description": "only when something was searched for"}
_AUDIENCE_WORDS = {"个人": "personal", "法人": "business", "企业": "business"}


class GuidesQuery(Schema):
    """What a list of guides is searched and narrowed by."""

    q = fields.String(load_default=None, validate=validate.Length(max=search.LONGEST_QUESTION))
    audience = fields.String(load_default=None, validate=validate.OneOf([*cards.AUDIENCES, *_AUDIENCE_WORDS]))
    theme = fields.String(load_default=None, validate=[validate.Length(max=64), _PRINTABLE])
    department = fields.String(load_default=None, validate=[validate.Length(max=100), _PRINTABLE])
    label = fields.String(load_default=None, validate=validate.OneOf(list(cards.LABELS)))
    four_ban = fields.String(
        load_default=None,
        validate=validate.OneOf(list(cards.LABELS)[:4]),
        metadata={"description": "the same as label, for the four of 四办"},
    )
    channel = fields.String(load_default=None, validate=validate.OneOf(list(cards.CHANNELS.values())))
    max_visits = fields.Integer(load_default=None, validate=validate.Range(0, 9))
    cross_province = fields.Boolean(load_default=None)
    cursor = fields.String(load_default=None, validate=validate.Length(max=64))
    limit = fields.Integer(load_default=20, validate=validate.Range(1, 100))


class SuggestQuery(Schema):
    """What has been typed so far."""

    q = fields.String(required=True, validate=validate.Length(min=1, max=50))
    limit = fields.Integer(load_default=10, validate=validate.Range(1, 10))


class SuggestionOut(Schema):
    """A name to complete what is being typed."""

    text = fields.String()
    task_code = fields.String()
    name = fields.String()
    provenance = fields.String()


class BesideSuggestionsOut(Schema):
    """Policies in plain words whose titles are typed so (政策解读)."""

    articles = fields.List(fields.Nested(ArticleTitleOut))


class HitOut(CardOut):
    """An item that was found, and why; `answer` when a question people ask was met."""

    highlight = fields.Nested(HighlightOut, metadata=_OF_A_SEARCH)
    answer = fields.String(allow_none=True, metadata=_OF_A_SEARCH)
    score = fields.Float(metadata=_OF_A_SEARCH)


_POLICY_OUT = ArticleHitOut()


class AnswerOut(Schema):
    """A question people ask that belongs to no single item, with its answer."""

    question = fields.String()
    answer = fields.String()
    provenance = fields.String()


class BesideHitsOut(Schema):
    """What a search understood; absent when nothing was searched for."""

    understood_as = fields.String(metadata=_OF_A_SEARCH)
    confident = fields.Boolean(metadata=_OF_A_SEARCH)
    answers = fields.List(fields.Nested(AnswerOut), metadata=_OF_A_SEARCH)
    articles = fields.List(fields.Nested(ArticleHitOut), metadata=_OF_A_SEARCH)


class FeedbackIn(Schema):
    """Whether a guide helped."""

    useful = fields.Boolean(required=True, truthy={True}, falsy={False})
    comment = fields.String(load_default=None, allow_none=True, validate=validate.Length(max=500))


class SearchFeedbackIn(Schema):
    """Whether a search helped; the item that was meant, when the citizen found it otherwise."""

    q = fields.String(required=True, validate=validate.Length(min=1, max=search.LONGEST_QUESTION))
    useful = fields.Boolean(required=True, truthy={True}, falsy={False})
    task_code = fields.String(load_default=None, allow_none=True, validate=validate.Length(max=33))


@door.get("", auth=PUBLIC, query=GuidesQuery, gives=HitOut, many=True, beside=BesideHitsOut)
def list_guides(query: dict[str, Any]) -> ResponseReturnValue:
    """Search guides in one's own words, or browse them (检索、浏览)."""
    asked, limit = (query["q"] or "").strip(), query["limit"]
    audience = audience_of(_AUDIENCE_WORDS.get(query["audience"], query["audience"]))
    names = ("theme", "department", "label", "channel", "max_visits", "cross_province")
    if query["label"] and query["four_ban"] not in {None, query["label"]}:
        raise Invalid(errors={"four_ban": ["四办和标签请只选一个"]})
    query["label"] = query["label"] or query["four_ban"]
    wanted = queries.Filter(audience=audience, **{name: query[name] for name in names})
    if asked:
        return etags.answer(etags.kept(_searched(asked, wanted, cursor=query["cursor"], limit=limit)))
    after = cursors.number(query["cursor"])
    with unit_of_work() as session:
        found, more = queries.page(session, wanted=wanted, after=after, limit=limit)
        body = {"items": found, "next_cursor": cursors.write(more)}
    return etags.answer(etags.kept(body))


def _searched(asked: str, wanted: queries.Filter, *, cursor: str | None, limit: int) -> dict[str, Any]:
    start = cursors.number(cursor) or 0
    with unit_of_work() as session:
        result = search.find(session, text=asked, limit=_HITS, audience=wanted.audience, verified=False)
        policies = articles.find(session, text=asked) if start == 0 else []
        if start == 0 and not policies:
            feedback.note_if_nothing(session, text=asked, result=result)
        codes = [hit.task_code for hit in result.hits if hit.task_code is not None]
        shown = queries.cards_of(session, task_codes=codes, wanted=wanted)
        hits = [hit for hit in result.hits if hit.task_code in shown]
        page = hits[start : start + limit]
        general = [hit for hit in result.hits if hit.task_code is None][:3] if start == 0 else []
        return {
            "items": [hit_document(hit, shown[str(hit.task_code)]) for hit in page],
            "next_cursor": cursors.write(start + limit if start + limit < len(hits) else None),
            "understood_as": result.understood_as,
            "confident": result.confident,
            "answers": [
                {"question": hit.name, "answer": hit.excerpt, "provenance": hit.provenance} for hit in general
            ],
            "articles": [_POLICY_OUT.dump({**asdict(one), "highlight": one}) for one in policies],
        }


def hit_document(hit: search.Hit, card: dict[str, Any]) -> dict[str, Any]:
    """A hit as HitOut would dump it; a card is stored as it is shown, and is not put together again."""
    return {
        **card,
        "highlight": {"field": hit.field, "text": hit.excerpt, "matched": hit.matched},
        "answer": hit.excerpt if hit.kind == "faq" else None,
        "score": hit.score,
    }


@door.get(
    "/suggest",
    auth=PUBLIC,
    query=SuggestQuery,
    gives=SuggestionOut,
    many=True,
    beside=BesideSuggestionsOut,
)
def suggest_guides(query: dict[str, Any]) -> ResponseReturnValue:
    """Complete what is being typed, in characters, pinyin or initials (联想)."""
    with unit_of_work() as session:
        found = search.suggest(session, text=query["q"], limit=query["limit"])
        titles = articles.suggest(session, text=query["q"])
        return {
            "items": SuggestionOut(many=True).dump(found),
            "next_cursor": None,
            "articles": ArticleTitleOut(many=True).dump(titles),
        }


@door.post("/search-feedback", auth=MAYBE_CITIZEN, takes=SearchFeedbackIn, status=204)
def judge_search(data: dict[str, Any]) -> ResponseReturnValue:
    """Say whether a search helped (搜索是否有用); kept without the person."""
    with unit_of_work() as session:
        feedback.judge(session, text=data["q"], useful=data["useful"], task_code=data["task_code"])
    return Response(status=204)


class MomentIn(Schema):
    """When; read by the view itself, because a kept guide is answered without loading anything."""

    at = fields.AwareDateTime(metadata={"description": "the guide in force at this moment, RFC 3339"})


@door.get("/<task_code>/forecast", auth=PUBLIC, gives=ForecastOut)
def show_forecast(task_code: str) -> ResponseReturnValue:
    """Show how long the newest cases of an item took, and how often that was right (办结预测)."""
    with unit_of_work() as session:
        found = queries.guide(session, task_code=task_code)
        return dict(ForecastOut().dump(forecasts.of_item(session, task_code=found.task_code)))


@door.get("/<task_code>", auth=PUBLIC, reads=MomentIn, gives=GuideOut)
def show_guide(task_code: str) -> ResponseReturnValue:
    """Show a whole guide; `?at=` shows the one that was in force at a moment (办事指南详情)."""
    if request.query_string and "at" in request.args:
        moment = _moment(request.args["at"])
        with unit_of_work() as session:
            found = queries.guide(session, task_code=task_code, at=moment)
            return etags.answer(etags.kept(_document(session, found)))
    return _shown(task_code)


@door.post("/<task_code>/feedback", auth=MAYBE_CITIZEN, takes=FeedbackIn, status=204)
def judge_guide(task_code: str, data: dict[str, Any]) -> ResponseReturnValue:
    """Say whether a guide helped (指南是否有用)."""
    with unit_of_work() as session:
        service.give_feedback(session, task_code=task_code, citizen_id=maybe_citizen_id(), **data)
    return Response(status=204)


def _shown(task_code: str) -> Response:
    """The current guide from the bytes this process keeps for the current generation of the catalogue."""
    number = generation.watch.number_alone()
    found = _rendered(task_code, number)
    path = f"{door.url_prefix}/{task_code}"
    ready.shelf.put(path, found, state=number, current=generation.watch.number_now)
    return etags.answer(found)


@functools.lru_cache(maxsize=4096)
def _rendered(task_code: str, generation_number: int) -> etags.Kept:
    """The bytes of a guide; a new generation is a new key, so an old guide is never shown again."""
    del generation_number
    raw = documents.finished(task_code=task_code, shape=SHAPE)
    if raw is not None:
        return etags.kept_bytes(raw)
    with unit_of_work() as session:
        guide = queries.guide(session, task_code=task_code)
        made = etags.kept(_document(session, guide))
    documents.keep(version_id=guide.version_id, shape=SHAPE, raw=made.raw)
    return made


def _document(session: Session, guide: queries.Guide) -> dict[str, Any]:
    return guide_document(guide, papers.of_guide(session, body=guide.body))


def _moment(text: str) -> datetime:
    """A moment or a date; a date means the end of that day in Asia/Shanghai."""
    try:
        if len(text) == _DATE_LENGTH:
            return datetime.combine(date.fromisoformat(text), time.max, clock.SHANGHAI)
        moment = fields.DateTime(format="iso").deserialize(text.replace(" ", "+"))
    except (ValidationError, ValueError, OverflowError) as error:
        raise Invalid(errors={"at": ["请填写日期，例如 2026-11-20"]}) from error
    if not isinstance(moment, datetime):
        raise Invalid(errors={"at": ["请填写日期，例如 2026-11-20"]})
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=clock.SHANGHAI)
    return moment
