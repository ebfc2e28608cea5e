"""What a question names that another place, another office or no office handles (不归本市事项的话).

Coverage alone cannot tell 二手车过户 from 二手房过户: one character of five is strange. These words can.
An item whose own text holds such a word may answer, so publishing one needs no change here.
"""

import itertools
import json
import re
from collections.abc import Container
from pathlib import Path

_WORDS = frozenset(
    word
    for words in json.loads((Path(__file__).parent / "elsewhere.json").read_text(encoding="utf-8"))[
        "words"
    ].values()
    for word in words.split()
)
_LENGTHS = sorted({len(word) for word in _WORDS})
# Whoever says this talks to the machine about itself; 你们 are the clerks.
_TO_THE_MACHINE = re.compile(r"你(?:是|叫|几岁|多大|真|喜欢|爱|觉得|吃|住|结婚|有女|有男)")


def named(text: str) -> tuple[str, ...]:
    """The words of other matters, places and things that a simplified text says."""
    starts = range(len(text))
    said = (text[start : start + length] for start, length in itertools.product(starts, _LENGTHS))
    return tuple(word for word in said if word in _WORDS)


def strange(words: tuple[str, ...], held: Container[str]) -> bool:
    """Whether one of these words is not in a text that holds these characters and pairs."""
    return any(not all(pair in held for pair in _pairs(word)) for word in words)


def to_the_machine(content: str) -> bool:
    """Whether a question, without the words that only ask, is about the machine that is asked."""
    return _TO_THE_MACHINE.match(content.strip()) is not None


def _pairs(word: str) -> list[str]:
    if word.isascii() or len(word) == 1:
        return [word]
    return [first + second for first, second in itertools.pairwise(word)]
