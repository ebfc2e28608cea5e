"""What an enterprise may be called (企业名称规则): read as it was meant, and words that are not allowed.

The clauses are those of 《企业名称登记管理规定》第十一条 and stand as data in name_rules.json, with words by
which a plain case is known here; the registry has its own list and the last word.
"""

import functools
import json
import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from app.check_characters import visible
from app.enterprises.errors import NameMalformed

LONGEST = 60
_RULES = Path(__file__).with_name("name_rules.json")
# 规范汉字 (第五条), and the brackets in which a place may stand; letters and digits are no part of a name.
_NAME = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff〇（）·]+")
_FEWEST = 4  # 字号 of two characters (第八条) and a form of organisation


@dataclass(frozen=True, slots=True)
class RefusedWord:
    """A word that keeps a name from being allowed: where that is written, and why."""

    word: str
    basis: str
    reason: str


@dataclass(frozen=True, slots=True)
class _Clause:
    words: tuple[str, ...]
    basis: str
    reason: str


def read(text: str) -> str:
    """The name as it will be written; raises NameMalformed with one sentence that says what to change."""
    shown = visible(unicodedata.normalize("NFKC", text))
    name = "".join(shown.split()).replace("(", "（").replace(")", "）")
    if len(name) > LONGEST:
        raise NameMalformed(errors={"name": [f"名称不能超过{LONGEST}个字"]})
    if _NAME.fullmatch(name) is None:
        raise NameMalformed(errors={"name": ["名称只能用汉字，不能有字母、数字和符号"]})
    if len(name) < _FEWEST:
        raise NameMalformed(errors={"name": ["名称太短了，请写全，例如“示例市榕树餐饮有限公司”"]})
    return name


def refused_words(name: str) -> list[RefusedWord]:
    """The words in a name that are known here as not allowed, in the order of the clauses."""
    return [
        RefusedWord(word, clause.basis, clause.reason)
        for clause in _clauses().values()
        for word in clause.words
        if word in name
    ]


def refused_word(word: str, *, clause: int) -> RefusedWord:
    """A word that the registry refused, in our words; a clause we do not know counts as the last one."""
    known = _clauses()
    found = known.get(clause) or known[max(known)]
    return RefusedWord(word, found.basis, found.reason)


@functools.cache
def _clauses() -> dict[int, _Clause]:
    rules = json.loads(_RULES.read_text("utf-8"))
    where = rules["basis"] + rules["article"]
    return {
        raw["clause"]: _Clause(tuple(raw["words"]), f"{where}{raw['label']}", raw["reason"])
        for raw in rules["clauses"]
    }
