"""Steps whose UPDATE no longer asks whether the case is still where it was, for controls of races."""

import pytest
from sqlalchemy import true

from app.cases import steps
from app.cases.models import Case


def steps_unguarded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the second of two who move a case move it too."""
    monkeypatch.setattr(steps, "_still_there", lambda row: true())
    monkeypatch.setattr(steps, "_IS_THERE", steps._IS_THERE | (Case.id > 0))
    monkeypatch.setattr(steps, "_moving", steps._moving.__wrapped__)
