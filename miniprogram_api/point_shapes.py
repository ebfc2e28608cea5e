"""How one thing to mend is shown (要改的一项)."""

from marshmallow import Schema, fields

from app.cases.correction_points import Kind


class PointOut(Schema):
    """One thing to correct: what is wrong, and how it is mended; `legal_basis` of what no guide asks for."""

    kind = fields.String(attribute="kind.value", metadata={"enum": [kind.value for kind in Kind]})
    target = fields.String(metadata={"description": "the field's key, or the material's code"})
    label = fields.String()
    reason_text = fields.String()
    how = fields.String()
    legal_basis = fields.String()
    confirmed_by = fields.String()
