"""Adding clerks and checking the audit log by command."""

import re
from typing import Any

import pytest
from sqlalchemy import text

from app.db import unit_of_work
from app.staff import passwords, queries
from app.staff.models import Clerk

pytestmark = pytest.mark.usefixtures("database")
ADD = ["staff", "add", "wang", "--name", "王窗口", "--role", "front_desk", "--centre", "C01"]


def run(app: Any, *arguments: str) -> Any:
    return app.test_cli_runner().invoke(args=arguments)


def clerk() -> Clerk:
    with unit_of_work() as session:
        return queries.clerk(session, clerk_id=1)


def test_a_clerk_is_added_with_a_password_that_is_shown_once(app: Any) -> None:
    shown = run(app, *ADD)
    password = re.findall(r"password: (\S+)", shown.output)[0]

    assert shown.exit_code == 0
    assert passwords.fits(clerk().password_hash, password)
    assert f"secret={clerk().totp_secret}" in shown.output


def test_a_taken_name_is_told(app: Any) -> None:
    run(app, *ADD)
    again = run(app, *ADD, "--no-second-factor")

    assert again.exit_code == 1
    assert "已经有人使用" in again.output


def test_a_name_that_cannot_be_is_told(app: Any) -> None:
    refused = run(app, "staff", "add", "王", "--name", "王窗口", "--role", "cashier")

    assert refused.exit_code == 1
    assert "账号请用64个以内的字母、数字" in refused.output


def test_a_clerk_gets_a_new_password_and_is_sent_away(app: Any) -> None:
    run(app, *ADD)
    shown = run(app, "staff", "password", "wang")

    assert passwords.fits(clerk().password_hash, re.findall(r"password: (\S+)", shown.output)[0])
    assert run(app, "staff", "disable", "wang").exit_code == 0
    assert clerk().disabled_at is not None


@pytest.mark.parametrize("command", ["password", "disable"])
def test_a_stranger_is_told(app: Any, command: str) -> None:
    refused = run(app, "staff", command, "nobody")

    assert refused.exit_code == 1
    assert "没有找到这位工作人员" in refused.output


def test_the_audit_log_is_checked(app: Any) -> None:
    run(app, *ADD)
    run(app, "staff", "disable", "wang")
    whole = run(app, "audit", "verify")
    with unit_of_work() as session:
        session.execute(text("ALTER TABLE audit_entries DISABLE TRIGGER audit_entries_append_only"))
        session.execute(text("UPDATE audit_entries SET actor = 'nobody' WHERE id = 2"))
        session.execute(text("ALTER TABLE audit_entries ENABLE TRIGGER audit_entries_append_only"))
    broken = run(app, "audit", "verify")

    assert (whole.exit_code, broken.exit_code) == (0, 1)
    assert "2 entries are whole" in whole.output
    assert "breaks at entry 2" in broken.output
