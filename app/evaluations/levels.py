"""The five levels and the reasons offered beside them (评价等级、评价内容).

The levels are those of GB/T 39046-2020, A.8, where 1 is the best; stars run the other way. The indicators
are those by which cities have services judged, online and at the counter apart; the reasons under them are
our own words.
"""

from dataclasses import dataclass
from enum import StrEnum

BEST, WORST = 1, 5
# 差评: level 4 and 5 open a mending ticket.
BAD = frozenset({4, 5})
# 满意: what counts as satisfied in the public share.
SATISFIED = frozenset({1, 2, 3})
MOST_TAGS = 4
LONGEST_COMMENT = 500


class Mode(StrEnum):
    """Where the service was given: a case is rated as online (一事一评), a visit as offline (一次一评)."""

    ONLINE = "online"
    OFFLINE = "offline"


@dataclass(frozen=True, slots=True)
class Tag:
    """One reason that may be tapped; `indicator` is what it counts for."""

    key: str
    text: str
    indicator: str


@dataclass(frozen=True, slots=True)
class Level:
    """One level: its word, its stars, whether it is bad, and the reasons offered beside it."""

    level: int
    text: str
    tags: dict[Mode, tuple[Tag, ...]]

    @property
    def stars(self) -> int:
        """How many of five stars."""
        return WORST + BEST - self.level

    @property
    def bad(self) -> bool:
        """Whether something must be mended."""
        return self.level in BAD


# Key, indicator, what a content person says, what a discontent one says.
_REASONS: dict[Mode, tuple[tuple[str, str, str, str], ...]] = {
    Mode.ONLINE: (
        ("efficiency", "办事效率", "办得快", "办得太慢"),
        ("guide", "办事指南精确度", "指南写得清楚准确", "指南和实际要求不一致"),
        ("convenience", "办事便捷度", "材料少、步骤少", "材料多、步骤繁琐"),
        ("platform", "平台操作性", "操作简单好用", "操作不方便或常出错"),
    ),
    Mode.OFFLINE: (
        ("speed", "服务效率", "等候和办理都快", "等候或办理太久"),
        ("skill", "服务水平", "一次讲清、业务熟练", "没有一次讲清，让我多跑"),
        ("attitude", "服务态度", "热情耐心", "态度冷淡或推诿"),
    ),
}
_WORDS = {1: "非常满意", 2: "满意", 3: "基本满意", 4: "不满意", 5: "非常不满意"}
_CONTENT, _DISCONTENT = frozenset({1, 2, 3}), frozenset({3, 4, 5})


def _tags(level: int, mode: Mode) -> tuple[Tag, ...]:
    good = [Tag(f"{key}_good", said, indicator) for key, indicator, said, _ in _REASONS[mode]]
    poor = [Tag(f"{key}_poor", said, indicator) for key, indicator, _, said in _REASONS[mode]]
    return (*(good if level in _CONTENT else ()), *(poor if level in _DISCONTENT else ()))


LEVELS: dict[int, Level] = {
    level: Level(level, text, {mode: _tags(level, mode) for mode in Mode}) for level, text in _WORDS.items()
}
TAGS: dict[str, Tag] = {
    tag.key: tag for level in LEVELS.values() for tags in level.tags.values() for tag in tags
}
