"""What the document says of answers (接口文档的答复部分): exactly what a program may build its types on.

marshmallow marks as required only what must be sent. What we answer is always there, unless a field says
`metadata={"x-optional": True}`; without this every generated type would be full of "maybe".
"""

from collections.abc import Iterator
from typing import Any

OPTIONAL = "x-optional"

_REFERENCE = "#/components/schemas/"
# How Python and the pattern of JSON Schema (ECMA-262) say "to the very end".
_END = r"\Z"

Node = dict[str, Any]


def tell_exactly(document: Node) -> Node:
    """Make the document of apispec exact, in place: required members, patterns, lengths and defaults."""
    for node in _objects(document):
        _as_json_schema_says(node)
    shapes: Node = document["components"]["schemas"]
    sent: set[str] = set()
    answered: set[str] = set()
    inline: list[Node] = []
    for operation in _operations(document):
        _reach(shapes, operation.get("requestBody", {}), into=sent)
        _reach(shapes, operation["responses"], into=answered)
        inline += [node for node in _objects(operation["responses"]) if "properties" in node]
    for shape in [*(shapes[name] for name in sorted(answered - sent)), *inline]:
        _always_there(shape)
    return document


def _operations(document: Node) -> Iterator[Node]:
    for path in document["paths"].values():
        yield from path.values()


def _reach(shapes: Node, node: Node, *, into: set[str]) -> None:
    """Collect the names of all shapes that this part of the document leads to."""
    for found in _objects(node):
        name = str(found.get("$ref", "")).removeprefix(_REFERENCE)
        if name and name not in into:
            into.add(name)
            _reach(shapes, shapes[name], into=into)


def _always_there(shape: Node) -> None:
    members: dict[str, Node] = shape.get("properties", {})
    always = [name for name, member in members.items() if not member.pop(OPTIONAL, False)]
    if always:
        shape["required"] = sorted(always)
    if shape.get("additionalProperties") is False:
        del shape["additionalProperties"]  # a later version may answer more
    for member in members.values():
        member.pop("readOnly", None)  # all of an answer is; saying it of some only invites questions


def _as_json_schema_says(node: Node) -> None:
    """What apispec leaves in Python's words; a default of nothing says nothing."""
    if "default" in node and node["default"] is None:
        del node["default"]
    pattern = node.get("pattern")
    if isinstance(pattern, str) and pattern.endswith(_END):
        node["pattern"] = f"^(?:{pattern.removesuffix(_END)})$"
    if node.get("type") == "object" and "maxLength" in node:
        node["maxProperties"] = node.pop("maxLength")


def _objects(node: Any) -> Iterator[Node]:
    """Every object within, the outermost first."""
    if isinstance(node, dict):
        yield node
        for inner in node.values():
            yield from _objects(inner)
    elif isinstance(node, list):
        for inner in node:
            yield from _objects(inner)
