"""Whatever the program writes into the audit log can be read there in Chinese."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from console import audit_actions, audit_words

ROOT = Path(__file__).parents[2]
ROOMS = ("app", "web", "console", "payments", "registry", "provincial", "notifications", "commands")
WRITERS = {"record", "record_all", "_note", "_record"}
NAMES = re.compile(r"[a-z]+(_[a-z]+)+")


def written() -> Iterator[tuple[str, str]]:
    """Each action that is named where a line is written, with the file."""
    for path in (path for room in ROOMS for path in sorted((ROOT / room).rglob("*.py"))):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and _called(node) in WRITERS:
                named = [one.value for one in node.keywords if one.arg == "action"] or node.args[2:3]
                for one in named:
                    if isinstance(one, ast.Constant) and NAMES.fullmatch(str(one.value)):
                        yield str(one.value), str(path.relative_to(ROOT))


def _called(node: ast.Call) -> str:
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def test_every_action_has_its_words() -> None:
    found = dict(written())

    assert len(found) > 60
    assert {action: file for action, file in found.items() if action not in audit_actions.ACTIONS} == {}


def test_whoever_is_no_clerk_is_named_in_words_too() -> None:
    assert [audit_words.about(actor) for actor in ("citizen:7", "system", "nobody", "organisation:3")] == [
        "市民 7",
        "系统",
        "未登录",
        "企业 3",
    ]
