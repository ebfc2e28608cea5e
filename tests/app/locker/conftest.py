"""The city in which cases are handled."""

from tests.app.cases.conftest import citizen, city

__all__ = ["citizen", "city"]
