"""Promises about how the code looks."""

import ast
import functools
import itertools
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

# In one process of the tests each file is read into nodes once.
pytestmark = pytest.mark.xdist_group("budgets")

ROOT = Path(__file__).resolve().parents[2]
ROOMS = (
    "app",
    "payments",
    "registry",
    "provincial",
    "couriers",
    "city_archive",
    "city_oversight",
    "credit_system",
    "notifications",
    "platforms",
    "web",
    "miniprogram_api",
    "partner_api",
    "bots",
    "console",
    "commands",
)
ABOVE_ALL = {"bootstrap", "subscriptions", "schedule", "platform_clients"}
MOST_LINES = 300
MOST_FUNCTION_LINES = 40
MOST_POSITIONAL = 3
VAGUE_NAMES = {"utils", "helpers", "common", "util", "helper", "misc"}

Function = ast.FunctionDef | ast.AsyncFunctionDef


def python_files(*folders: str) -> Iterator[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.py"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    for name in listed:
        if (ROOT / name).exists() and (not folders or name.split("/")[0] in folders):
            yield ROOT / name


@functools.cache
def nodes(path: Path) -> list[ast.AST]:
    """All nodes of a file; every promise looks at the same ones."""
    return list(ast.walk(ast.parse(path.read_text())))


@pytest.fixture(scope="module", autouse=True)
def forgotten() -> Iterator[None]:
    """The nodes of a whole program are too many to be kept until the end of all tests."""
    yield
    nodes.cache_clear()


def functions(path: Path) -> Iterator[Function]:
    for node in nodes(path):
        if isinstance(node, Function):
            yield node


def shown(path: Path, line: int = 0) -> str:
    return f"{path.relative_to(ROOT)}:{line}" if line else str(path.relative_to(ROOT))


def test_no_file_is_longer_than_its_budget() -> None:
    assert [shown(path) for path in python_files() if len(path.read_text().splitlines()) > MOST_LINES] == []


def test_no_function_is_longer_than_its_budget() -> None:
    long = [
        shown(path, function.lineno)
        for path in python_files()
        if "migrations" not in path.parts
        for function in functions(path)
        if (function.end_lineno or 0) - function.lineno + 1 > MOST_FUNCTION_LINES
    ]

    assert long == []


def test_more_than_three_arguments_go_by_keyword() -> None:
    crowded = []
    for path in python_files(*ROOMS, "sandbox", "runner"):
        for function in functions(path):
            arguments = [arg.arg for arg in (*function.args.posonlyargs, *function.args.args)]
            counted = [name for name in arguments if name not in {"self", "cls"}]
            if len(counted) > MOST_POSITIONAL and not _signature_is_given_by_a_library(function):
                crowded.append(shown(path, function.lineno))

    assert crowded == []


def test_no_file_has_a_vague_name() -> None:
    assert [shown(path) for path in python_files() if path.stem in VAGUE_NAMES] == []


def test_nothing_is_imported_inside_a_function() -> None:
    inside = {
        shown(path, node.lineno)
        for path in python_files()
        for function in functions(path)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    }

    assert inside == set()


def test_nothing_is_caught_broadly_except_at_the_one_place_that_answers_for_surprises() -> None:
    broad = {
        shown(path)
        for path in python_files(*ROOMS, "runner")
        for node in nodes(path)
        if isinstance(node, ast.ExceptHandler) and _is_broad(node) and not _raises_again(node)
    }

    assert broad <= {"web/flask_app.py"}


def test_only_the_unit_of_work_commits() -> None:
    committing = {
        shown(path)
        for path in python_files(*ROOMS)
        for node in nodes(path)
        if isinstance(node, ast.Attribute) and node.attr == "commit"
    }

    # The search index on disk is no database; it has commits of its own.
    assert committing <= {"app/db.py", "app/catalogue/archive.py"}


def test_no_mark_of_unfinished_work_is_left() -> None:
    marks = ("TO" + "DO", "FIX" + "ME", "X" * 3, "HA" + "CK", "NotImplemented" + "Error")
    left = [
        shown(path, number)
        for path in python_files(*ROOMS, "sandbox", "runner")
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if any(mark in line.split() or f"{mark}:" in line for mark in marks)
    ]

    assert left == []


def test_every_package_says_what_it_is_for() -> None:
    silent = [
        shown(path)
        for path in python_files(*ROOMS)
        if path.name == "__init__.py" and ast.get_docstring(ast.parse(path.read_text())) is None
    ]

    assert silent == []


def test_files_of_one_room_do_not_repeat_their_names_elsewhere_in_it() -> None:
    names = sorted(path.relative_to(ROOT).as_posix() for path in python_files(*ROOMS))

    assert all(first != second for first, second in itertools.pairwise(names))


def _signature_is_given_by_a_library(function: Function) -> bool:
    """requests' HTTPAdapter.send, and the rebuilding of a pickled error, which is called with a tuple."""
    return function.name in {"send", "_again"}


def _raises_again(node: ast.ExceptHandler) -> bool:
    last = node.body[-1]
    return isinstance(last, ast.Raise) and last.exc is None


def _is_broad(node: ast.ExceptHandler) -> bool:
    caught = node.type
    names = caught.elts if isinstance(caught, ast.Tuple) else [caught]
    return any(
        name is None or (isinstance(name, ast.Name) and name.id in {"Exception", "BaseException"})
        for name in names
    )


def test_no_room_imports_the_module_that_knows_them_all() -> None:
    knowing = [
        shown(path)
        for path in python_files(*ROOMS, "sandbox", "runner")
        for node in nodes(path)
        if (isinstance(node, ast.Import) and any(alias.name in ABOVE_ALL for alias in node.names))
        or (isinstance(node, ast.ImportFrom) and node.module in ABOVE_ALL)
    ]

    assert knowing == []
