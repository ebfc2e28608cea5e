"""Reads what the program answers to a push, as strictly as WeChat does."""

import re
import xml.etree.ElementTree as ET
from dataclasses import dataclass

from .push_crypto import BadEnvelope, Envelope, same, signature

LONGEST_TEXT = 2048
KINDS = {"text", "image", "voice", "video", "music", "news", "transfer_customer_service"}
NOTHING_TO_SAY = {b"", b"success"}


class BadReply(Exception):
    """An answer that WeChat would not show; the reason is the message."""


@dataclass(frozen=True)
class Reply:
    """What the person sees: `text` holds the words of a text reply, else an empty string."""

    kind: str
    text: str


@dataclass(frozen=True)
class Expected:
    """Who must answer whom, and how."""

    mode: str
    account: str
    openid: str
    token: str
    envelope: Envelope


def read(body: bytes, expected: Expected) -> Reply | None:
    """Read an answer: None when it asks for silence (`success` or nothing). Raises BadReply."""
    if body in NOTHING_TO_SAY:
        return None
    fields = _fields(body)
    if "Encrypt" in fields:
        if expected.mode == "plain":
            raise BadReply("encrypted answer in plain mode")
        fields = _fields(_open(fields, expected).encode())
    elif expected.mode == "safe":
        raise BadReply("plain answer in safe mode")
    return _check(fields, expected)


def _open(fields: dict[str, str], expected: Expected) -> str:
    for name in ("MsgSignature", "TimeStamp", "Nonce"):
        if not fields.get(name):
            raise BadReply(f"{name} is missing")
    signed = signature(expected.token, fields["TimeStamp"], fields["Nonce"], fields["Encrypt"])
    if not same(signed, fields["MsgSignature"]):
        raise BadReply("MsgSignature is wrong")
    try:
        return expected.envelope.open(fields["Encrypt"])
    except BadEnvelope as error:
        raise BadReply(f"cannot be decrypted: {error}") from error


def _check(fields: dict[str, str], expected: Expected) -> Reply:
    if fields.get("ToUserName") != expected.openid or fields.get("FromUserName") != expected.account:
        raise BadReply("ToUserName and FromUserName are not swapped")
    if not re.fullmatch(r"\d{1,10}", fields.get("CreateTime", "")):
        raise BadReply("CreateTime is not a number")
    kind = fields.get("MsgType", "")
    if kind not in KINDS:
        raise BadReply("MsgType is unknown")
    text = fields.get("Content", "") if kind == "text" else ""
    if kind == "text" and not text:
        raise BadReply("Content is empty")
    if len(text.encode()) > LONGEST_TEXT:
        raise BadReply(f"Content is longer than {LONGEST_TEXT} bytes")
    return Reply(kind=kind, text=text)


def _fields(body: bytes) -> dict[str, str]:
    """Read the flat fields of the XML; declarations of types and entities are refused unread."""
    if b"<!DOCTYPE" in body or b"<!ENTITY" in body:
        raise BadReply("DOCTYPE in the answer")
    try:
        root = ET.fromstring(body)  # noqa: S314 no DOCTYPE gets here, so no entities
    except (ET.ParseError, ValueError) as error:
        raise BadReply("not XML") from error
    if root.tag != "xml":
        raise BadReply("root is not <xml>")
    names = [child.tag for child in root]
    if len(set(names)) != len(names):
        raise BadReply("a field is there twice")
    return {child.tag: child.text or "" for child in root}
