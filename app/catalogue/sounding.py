"""How words sound (读音): syllables that many cannot tell apart are one, letters are cut into syllables.

People write zh as z, ng as n, n as l and h as f, in letters and in the characters they choose. So every
syllable has one form that stands for all of them; a pair of such forms is what is looked up.
"""

import functools
import itertools
from collections.abc import Callable, Sequence

from pypinyin import lazy_pinyin
from pypinyin.constants import PINYIN_DICT

PAIR, INITIALS = "~", "^"
_LONGEST_SYLLABLE = 6
_LONGEST_RUN = 60
_CHARACTERS = range(0x4E00, 0xA000)  # those in common use


def heard(syllable: str) -> str:
    """The form that stands for all syllables which sound like this one to somebody."""
    for long, short in (("zh", "z"), ("ch", "c"), ("sh", "s"), ("l", "n"), ("f", "h")):
        if syllable.startswith(long):
            syllable = short + syllable[len(long) :]
            break
    return syllable[:-1] if syllable.endswith("ng") else syllable


@functools.lru_cache(maxsize=65536)
def syllables(characters: str) -> tuple[str, ...]:
    """Pinyin of Chinese characters, without tones."""
    return tuple(lazy_pinyin(characters))


def pair(first: str, second: str) -> str:
    """The gram of two syllables."""
    return f"{PAIR}{heard(first)}_{heard(second)}"


def pairs(said: Sequence[str]) -> set[str]:
    """The grams of a sequence of syllables."""
    return {pair(first, second) for first, second in itertools.pairwise(said)}


def initials(letters: str) -> set[str]:
    """Windows of two and three letters, each of which begins a syllable."""
    return {
        INITIALS + letters[start : start + size]
        for size in (2, 3)
        for start in range(len(letters) - size + 1)
    }


def cut(letters: str, known: Callable[[str], bool]) -> tuple[str, ...]:
    """Letters as syllables, so that most neighbours are known and as few as possible are needed; or ()."""
    ways: list[dict[str, tuple[int, tuple[str, ...]]]] = [{} for _ in range(len(letters) + 1)]
    ways[0][""] = (0, ())
    if len(letters) > _LONGEST_RUN:
        return ()
    for start in range(len(letters)):
        for end in range(start + 1, min(start + _LONGEST_SYLLABLE, len(letters)) + 1):
            syllable = letters[start:end]
            if syllable not in _spellings():
                continue
            for last, (worth, so_far) in ways[start].items():
                met = 3 if last and known(pair(last, syllable)) else 0
                found = (worth + met - 2, (*so_far, syllable))
                if syllable not in ways[end] or ways[end][syllable][0] < found[0]:
                    ways[end][syllable] = found
    ends = ways[-1].values()
    return max(ends, key=lambda way: way[0])[1] if ends else ()


@functools.cache
def _spellings() -> frozenset[str]:
    """Every syllable there is, and how people write it who hear no difference."""
    characters = "".join(chr(code) for code in PINYIN_DICT if code in _CHARACTERS)
    real = {syllable for syllable in lazy_pinyin(characters) if syllable.isascii() and syllable.isalpha()}
    loose = {syllable[:-1] for syllable in real if syllable.endswith("ng")}
    loose |= {f"{syllable}g" for syllable in real if syllable.endswith(("an", "en", "in"))}
    for long, short in (
        ("zh", "z"),
        ("ch", "c"),
        ("sh", "s"),
        ("l", "n"),
        ("n", "l"),
        ("f", "h"),
        ("h", "f"),
    ):
        loose |= {short + syllable[len(long) :] for syllable in real if syllable.startswith(long)}
    for short, long in (("z", "zh"), ("c", "ch"), ("s", "sh")):
        loose |= {
            long + syllable[1:] for syllable in real if syllable.startswith(short) and syllable[1] != "h"
        }
    return frozenset(one for one in real | loose if len(one) > 1 or one in "aeo")
