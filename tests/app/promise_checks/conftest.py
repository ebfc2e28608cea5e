"""Somebody who was granted something on a promise."""

from tests.app.cases.conftest import city

__all__ = ["city"]
