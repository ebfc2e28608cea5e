"""What may be asked for, with the very words (同意事项、说明文本): 《个人信息保护法》 art. 14, 17 and 29.

A text that has been shown is never edited: a new one is added behind it, and its place is its version.
Whoever agreed to an earlier one is asked anew, and what they agreed to can still be read.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Purpose(StrEnum):
    """What a consent is for; each is asked for alone."""

    PREFILL = "prefill"
    LOCKER = "locker"


@dataclass(frozen=True, slots=True)
class Wording:
    """What the citizen reads: a title, every text so far, and what it means not to agree."""

    title: str
    texts: tuple[str, ...]
    without: str

    @property
    def version(self) -> int:
        """The version of the text that is asked with now; the first is 1."""
        return len(self.texts)

    def text(self, version: int) -> str:
        """The words of a version."""
        return self.texts[version - 1]


WORDINGS: Mapping[Purpose, Wording] = {
    Purpose.PREFILL: Wording(
        title="预先填好问题和表格",
        texts=(
            "用我的实名信息、电子证照和以前的申请预先填好问题和表格。填好的都能修改，只用来给您自己填写。",
        ),
        without="不同意也能照常办事，只是问题和表格要自己填。",
    ),
    Purpose.LOCKER: Wording(
        title="材料库：以前交过的照片直接用",
        texts=(
            (
                "把我近一年交过、部门已受理的材料照片留在材料库，以后交同一种材料时由我点一下直接用。"
                "照片到期自动移出，每次使用都有记录，可以随时删除。"
            ),
        ),
        without="不同意也能照常办事，只是同样的材料要重新拍照。撤回后马上清空，已经交到办件里的照片不受影响。",
    ),
}
