"""The texts that applicants sign (承诺书全文). Pure: what the guide publishes in, words out.

闽政文〔2022〕审批服务: 明确可承诺替代或容缺受理的具体内容、要求以及违反承诺应承担的法律责任 (R035, R036).
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.undertakings.models import Kind

ADDRESS = "address"
# The words that every address promised shares (R037), unless a guide has its own.
_PLACE_STANDARD = (
    "填写的地址真实、完整，可以送达；房屋可以合法使用，不是违法建筑、危险建筑；"
    "登记机关用信函、电话或者上门的方式核查。"
)
_PLACE_PROMISE = (
    "申报的住所（经营场所）真实存在，对房屋有合法的使用权，用途符合规定，住改商的已征得有利害关系的业主同意"
)


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


def promise(matter: Matter, *, material: str, published: Mapping[str, Any], place: str = "") -> Text:
    """告知承诺书: what the office tells, then what the applicant promises instead of a proof.

    `published`: the row of the guide; `place`: the address on the form, for a promise about one.
    """
    about_place = published["kind"] == ADDRESS
    standard = published.get("standard") or (_PLACE_STANDARD if about_place else "")
    valid = published.get("valid_days")
    told = (
        f"依据：{published['basis']}",
        f"应当符合的条件：{published['conditions']}",
        *((f"要求和核查方式：{standard}",) if standard else ()),
        f"核查：作出决定后{published['check_days']}个工作日内核查承诺是否属实。",
        f"不实承诺的后果：{published['consequences']}",
        "有效期：" + (f"自签署之日起{valid}天。" if valid else "在这次办理的结果有效期内有效。"),
        f"选择权：您可以不签，改为提交“{material}”；签了以后，提交申请前还可以改。",
    )
    own = published.get("promised") or (_PLACE_PROMISE if about_place else "")
    promised = (
        "一、已经知道并理解上面告知的全部内容；",
        f"二、{own.rstrip('。；')}；",
        *((f"三、申报的住所（经营场所）是：{place or '表单里填写的地址'}；",) if about_place else ()),
        "以上承诺是真实意思，填写的内容真实、准确；愿意配合核查，承担不实承诺的法律责任。",
    )
    title = "住所（经营场所）申报承诺书" if about_place else "告知承诺书"
    guide = f"“{matter.task_name}”（{matter.task_code}）办事指南第{matter.guide_version}版，代替“{material}”"
    return Text(
        Kind.PROMISE,
        title,
        (
            Part("办理的事项", (guide,)),
            Part(f"{matter.dept_name}告知您", told),
            Part(f"申请人（{matter.applicant}）承诺", promised),
        ),
    )


def co_sign(
    matter: Matter, *, who: str, form: Sequence[str], materials: Sequence[str], checksum: str
) -> Text:
    """共同申请人同意书: all that will be handed in, then what the second person says to it.

    `who` as the guide calls them, such as 配偶; `checksum` is the SHA-256 over everything in full.
    """
    guide = f"“{matter.task_name}”（{matter.task_code}）办事指南第{matter.guide_version}版"
    said = (
        "一、上面的内容和照片我都看过，和我知道的情况一致。",
        f"二、我同意和申请人（{matter.applicant}）一起申请“{matter.task_name}”。",
        "三、提交前内容或者照片有改动的，这次签名作废，要由我重新签。",
        f"签名内容校验值：{checksum}",
    )
    return Text(
        Kind.CO_SIGN,
        "共同申请人同意书",
        (
            Part("办理的事项", (guide,)),
            Part("申请表", tuple(form) or ("还没有填写",)),
            Part("材料", tuple(materials) or ("没有要提交的材料",)),
            Part(f"共同申请人（{who}）声明", said),
        ),
    )
