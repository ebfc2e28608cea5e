"""The texts that applicants sign (承诺书全文). Pure: what the guide publishes in, words out.

闽政文〔2022〕审批服务: 明确可承诺替代或容缺受理的具体内容、要求以及违反承诺应承担的法律责任 (R035, R036).
"""

import hashlib
from dataclasses import dataclass

from app.undertakings.models import Kind


@dataclass(frozen=True, slots=True)
class Part:
    """Some paragraphs under a heading."""

    heading: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Text:
    """A whole text as it is shown, signed and kept."""

    kind: Kind
    title: str
    parts: tuple[Part, ...]

    @property
    def words(self) -> str:
        """The text as it is kept, line by line."""
        lines = [self.title]
        for part in self.parts:
            lines += [part.heading, *part.paragraphs]
        return "\n".join(lines)

    @property
    def digest(self) -> str:
        """The SHA-256 of the words, in hexadecimal: what is signed is what was shown."""
        return hashlib.sha256(self.words.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Matter:
    """What a text is about: the applicant, the item with its department and the guide's version."""

    applicant: str
    task_name: str
    task_code: str
    dept_name: str
    guide_version: int


def tolerance(matter: Matter, *, material: str, days: int) -> Text:
    """容缺受理承诺书: what is missing, until when it follows, what happens otherwise.

    `days`: working days after acceptance.
    """
    guide = f"“{matter.task_name}”（{matter.task_code}）办事指南第{matter.guide_version}版"
    told = (
        f"{guide}公布：主要材料齐全的，“{material}”可以在受理后补交。",
        f"请在受理之日起{days}个工作日内补交。具体日期写在受理通知书上，到期前会提醒您一次。",
        "补交的材料由工作人员核对，核对符合后才能作出准予决定。",
        "到期没有补交的，这次申请终止办理，已交的材料退回；这不是不予办理的决定，备齐材料后可以重新申请。",
    )
    promised = (
        f"一、我已知道上面的内容，承诺在规定的期限内补交“{material}”。",
        "二、补交的材料真实、合法、有效。",
        "三、到期没有补交的，同意终止办理。",
    )
    return Text(
        Kind.TOLERANCE,
        "容缺受理承诺书",
        (
            Part(f"{matter.dept_name}告知您", told),
            Part(f"申请人（{matter.applicant}）承诺", promised),
        ),
    )
