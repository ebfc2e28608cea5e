"""Bundles as they are stored (一件事)."""

from typing import Any

from sqlalchemy import CheckConstraint, SmallInteger, String
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base


class Bundle(Base):
    """One matter of life made of several items (一件事); the items are named by their task codes."""

    __tablename__ = "bundles"
    __table_args__ = (CheckConstraint("audience IN ('personal', 'business')", name="audience_is_known"),)

    bundle_key: Mapped[str] = mapped_column(String(64), primary_key=True)
    place: Mapped[int] = mapped_column(SmallInteger)
    name: Mapped[str] = mapped_column(String(100))
    audience: Mapped[str] = mapped_column(String(16))
    task_codes: Mapped[list[str]] = mapped_column(ARRAY(String(33)))
    body: Mapped[dict[str, Any]]
    provenance: Mapped[str] = mapped_column(String(64))
