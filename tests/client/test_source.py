"""The phone client's own checks: style, types, and the tests of its pages and rules."""

import subprocess

import pytest

from runner import client

pytestmark = pytest.mark.xdist_group("client")


@pytest.mark.usefixtures("node")
@pytest.mark.parametrize("check", ["lint", "test"])
def test_the_clients_own_checks_pass(check: str) -> None:
    done = subprocess.run(
        ["npm", "run", "--silent", check], cwd=client.CLIENT, capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.usefixtures("node")
def test_the_types_are_those_of_the_contract() -> None:
    made = subprocess.run(
        ["npx", "--no-install", "openapi-typescript", "openapi.json"],
        cwd=client.CLIENT,
        capture_output=True,
        text=True,
        check=True,
    )

    assert made.stdout.strip() == (client.CLIENT / "src" / "lib" / "contract.d.ts").read_text().strip()
