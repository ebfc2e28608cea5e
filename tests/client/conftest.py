"""What tests of the phone client need: node with the locked packages, and one build of each target."""

import os

import pytest

from runner import client


@pytest.fixture(scope="session")
def node() -> None:
    """Node and client/node_modules; without them a test is left out, but never on a build server."""
    if client.has_node() and (client.CLIENT / "node_modules").is_dir():
        return
    reason = "node or client/node_modules is missing; `npm ci` in client/ installs what this test needs"
    if os.environ.get("YIMA_CI"):
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def built(node: None) -> dict[str, str]:
    """The digests of a fresh build."""
    del node
    return client.build()
