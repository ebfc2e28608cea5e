"""Every action that is written down about a citizen has words that they can read."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from app.own_data import words

ROOT = Path(__file__).resolve().parents[3]
ROOMS = ("app", "payments", "notifications", "console", "miniprogram_api", "bots", "commands")
# Written down about clerks and lists, with no citizen named.
ABOUT_NOBODY = {
    "refusals_viewed",
    "article_published",
    "article_rewritten",
    "article_sent_back",
    "article_shown",
    "article_withdrawn",
    "article_written",
    "audit_viewed",
    "clerk_added",
    "clerk_disabled",
    "complaints_listed",
    "guide_draft_begun",
    "guide_draft_discarded",
    "guide_draft_handed_in",
    "guide_draft_merged",
    "guide_draft_released",
    "guide_draft_returned",
    "guide_draft_saved",
    "guide_draft_tried",
    "licence_lead_marked",
    "machine_restarted",
    "machine_stopped",
    "password_reset",
    "payment_exception_resolved",
    "ratings_listed",
    "refused",
    "search_words_accepted",
    "search_words_refused",
    "supervision_exported",
    "sign_in_refused",
    "signed_in",
    "signed_out",
    "window_left",
    "window_taken",
}


def recorded() -> set[str]:
    """The action of every line that the program writes, also through a function that passes it on."""
    modules = [ast.parse(path.read_text()) for room in ROOMS for path in (ROOT / room).rglob("*.py")]
    public = {name: at for one in modules for name, at in _passing_on(one) if not name.startswith("_")}
    return {action for one in modules for action in _actions(one, public)}


def _actions(module: ast.Module, public: dict[str, int]) -> Iterator[str]:
    constants: dict[str, set[str]] = {}
    for node in ast.walk(module):
        if isinstance(node, ast.Assign):
            for target in node.targets:
                if isinstance(target, ast.Name):
                    constants.setdefault(target.id, set()).update(_said(node.value))
    own = {"record": -1} | dict(_passing_on(module))
    made_here = {node.name for node in ast.walk(module) if isinstance(node, ast.FunctionDef)}
    lent = {name: at for name, at in public.items() if name not in made_here}
    for call in (node for node in ast.walk(module) if isinstance(node, ast.Call)):
        places = own if isinstance(call.func, ast.Attribute) else lent | own
        name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
        if name not in places:
            continue
        given = [word.value for word in call.keywords if word.arg == "action"]
        given += call.args[places[name] : places[name] + 1] if places[name] >= 0 else []
        for value in given:
            yield from constants.get(value.id, set()) if isinstance(value, ast.Name) else _said(value)


def _said(value: ast.expr) -> set[str]:
    """The words an expression may be: one, or one of two."""
    either = [value.body, value.orelse] if isinstance(value, ast.IfExp) else [value]
    return {str(one.value) for one in either if isinstance(one, ast.Constant)}


def _passing_on(module: ast.Module) -> Iterator[tuple[str, int]]:
    """Functions that take an action and write it down; where it stands among their arguments."""
    for node in ast.walk(module):
        if not isinstance(node, ast.FunctionDef):
            continue
        names = [argument.arg for argument in (*node.args.args, *node.args.kwonlyargs)]
        if "action" in names and re.search(r"\b(record|_?note)\(", ast.unparse(node)):
            positional = [argument.arg for argument in node.args.args]
            yield node.name, positional.index("action") if "action" in positional else -1


def test_every_recorded_action_has_words_or_is_about_nobody() -> None:
    assert recorded() - set(words.ACTIONS) - ABOUT_NOBODY == set()


def test_there_are_no_words_for_what_is_never_recorded() -> None:
    assert set(words.ACTIONS) | ABOUT_NOBODY == recorded()


def test_an_action_without_words_is_told_all_the_same() -> None:
    assert words.of("something_new") == "处理了与您有关的信息"


def test_no_words_are_used_twice() -> None:
    assert len(set(words.ACTIONS.values())) == len(words.ACTIONS)
