"""What an item looks like in lists (事项卡片的字段)."""

from marshmallow import Schema, fields

from app.catalogue import cards

AUDIENCE = {"enum": list(cards.AUDIENCES)}
_LABEL = {"enum": list(cards.LABELS)}
CHANNEL = {"enum": list(cards.CHANNELS.values())}


class LabelOut(Schema):
    """A label with its words."""

    key = fields.String(metadata=_LABEL)
    name = fields.String()


class CardOut(Schema):
    """An item as lists show it."""

    task_code = fields.String()
    item_key = fields.String(allow_none=True)
    name = fields.String()
    plain_names = fields.List(fields.String())
    theme = fields.String()
    dept_name = fields.String()
    audiences = fields.List(fields.String(metadata=AUDIENCE))
    labels = fields.List(fields.String(metadata=_LABEL))
    channels = fields.List(fields.String(metadata=CHANNEL))
    visits = fields.Integer()
    limit_text = fields.String()
    fee_text = fields.String()
    cross_province = fields.Boolean()
    bookable = fields.Boolean()
    delegable = fields.Boolean(metadata={"description": "whether I may authorise somebody to handle it"})
    own_account = fields.Boolean(
        metadata={"description": "asks for an account, which nobody but the applicant fills in"}
    )
    version = fields.Integer()
    last_reviewed = fields.String(allow_none=True)
    provenance = fields.String()


class HighlightOut(Schema):
    """Why a hit was found: the field, its text, and the words of the question in it."""

    field = fields.String()
    text = fields.String(attribute="excerpt")
    matched = fields.List(fields.String())
