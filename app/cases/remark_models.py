"""What clerks write beside a material of a case (材料批注)."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.crypto import EncryptedText
from app.db import Base


class MaterialRemark(Base):
    """One remark on one material (批注): what was handed in stays as it is, and so does the remark."""

    __tablename__ = "material_remarks"
    __table_args__ = (Index("ix_material_remarks_of_case", "case_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    material_code: Mapped[str] = mapped_column(String(64))
    text: Mapped[str] = mapped_column(EncryptedText("material_remarks.text"))
    clerk_id: Mapped[int]
    clerk_name: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]
