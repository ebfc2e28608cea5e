"""The city in which documents are issued."""

from tests.app.cases.conftest import citizen, city

__all__ = ["citizen", "city"]
