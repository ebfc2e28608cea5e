"""The official account's door (公众号消息推送): verified, taken once, answered within five seconds."""

import logging
from concurrent.futures import ThreadPoolExecutor

from flask import Response, request
from flask.typing import ResponseReturnValue

from app import inbox, settings
from app.db import unit_of_work
from app.people import service as people
from bots import brain
from bots.replies import Question, as_plain_text
from bots.skills import welcome
from platforms import directory
from platforms.errors import BadSignature, Malformed, PlatformError
from platforms.wechat_push import Inbound
from web.callers import SIGNED
from web.door import Door

log = logging.getLogger(__name__)

door = Door("wechat_messages", __name__, url_prefix="/webhooks/wechat")

_PLATFORM = "wechat_oa"
_LONGEST_QUESTION = 200

# WeChat waits five seconds for the whole reply; a slow answer to our own question must not use them up.
_PATIENCE_S = 2.5
_asking = ThreadPoolExecutor(max_workers=4, thread_name_prefix="union-id")


@door.get("/message", auth=SIGNED)
def greet_wechat() -> ResponseReturnValue:
    """Prove to WeChat that this address is ours (接入验证)."""
    try:
        return Response(directory.current().push_door.greet(request.args), mimetype="text/plain")
    except (BadSignature, Malformed):
        return Response("", status=401)


@door.post("/message", auth=SIGNED)
def hear_wechat() -> ResponseReturnValue:
    """Take one message or event of a follower and reply to it (被动回复)."""
    pushes = directory.current().push_door
    try:
        inbound = pushes.open(request.args, request.get_data(cache=False))
    except BadSignature:
        log.warning("push_refused")
        return Response("", status=401)
    except Malformed:
        return Response("", status=400)
    return Response(pushes.seal(inbound, _reply_once(inbound)), mimetype="application/xml")


def _reply_once(inbound: Inbound) -> str:
    with unit_of_work() as session:
        earlier = inbox.earlier_reply(session, platform=_PLATFORM, message_id=inbound.message_id)
    if earlier is not None:
        return earlier
    reply = _reply(inbound)
    with unit_of_work() as session:
        inbox.keep_reply(session, platform=_PLATFORM, message_id=inbound.message_id, reply=reply)
    return reply


def _reply(inbound: Inbound) -> str:
    if inbound.kind == "event":
        return as_plain_text(welcome.greet()) if inbound.event == "subscribe" else ""
    if inbound.kind != "text":
        return "我暂时只看得懂文字，请用文字告诉我想办什么事，或拨打12345。"
    text = inbound.text[:_LONGEST_QUESTION]
    citizen_id = _citizen(inbound.from_openid) if brain.needs_to_know_who(text) else None
    with unit_of_work() as session:
        return as_plain_text(brain.answer(session, Question(text, citizen_id)))


def _citizen(open_id: str) -> int | None:
    """Whose follower this is; WeChat is asked for the union id only the first time."""
    app_id = settings.current().wechat.oa_appid
    with unit_of_work() as session:
        known = people.link_official_account(session, app_id=app_id, open_id=open_id, union_id=None)
    if known is not None:
        return known
    try:
        asked = _asking.submit(directory.current().official_account.unionid, open_id)
        union_id = asked.result(timeout=_PATIENCE_S)
    except (PlatformError, TimeoutError) as error:
        log.warning("unionid_unknown", extra={"error": type(error).__name__})
        return None
    with unit_of_work() as session:
        return people.link_official_account(session, app_id=app_id, open_id=open_id, union_id=union_id)
