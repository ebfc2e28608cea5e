"""What a clerk's words ask for on paper (要纸质材料的说法): pure rules over sentences.

Words can always be put so that no rule knows them. What is refused here is the plain demand, wherever it is
typed; that nothing else is asked for either is what a confirmed second person and the audit log are for.
"""

import re
from collections.abc import Collection

_SENTENCES = re.compile(r"[。！？；!?;\n]")
_BRACKETS = re.compile(r"[（(《〈][^）)》〉]*[）)》〉]|[“”‘’\s]")
_PAPER = re.compile("纸质|纸件|纸版")
_KINDS_OF_PAPER = re.compile("原件|复印件|打印件|正本")
_PLACE = re.compile("[到去来在往][^，]{0,6}(?:窗口|大厅|现场|本局|我局|中心|柜台)")
_WANTED = re.compile("交|送|带|寄|拿|递|出示|提供|要|需|缺|没有|未")
_SPARED = re.compile("不用|不必|不再|不需|不要求|无需|无须|免交|免于|领取|领证")
# What is photographed from the paper is handed in electronically.
_ONLINE = re.compile("上传|拍照|重拍|新拍|补拍|扫描|网上|线上")
_EVERYTHING = re.compile("材料|资料|证件")
# So many last characters of a name mean it, such as 身份证 of 居民身份证.
_SHORTEST = 3


def asked_for(said: str, *, there: Collection[str], others: Collection[str] = ()) -> list[str]:
    """Which of the materials that are there the words ask for on paper.

    `others` are materials of the guide that are not there: who asks for one of them may. Whoever says
    “materials” and names none means them all.
    """
    found: list[str] = []
    for sentence in filter(_asks_for_paper, _SENTENCES.split(said)):
        named = [name for name in there if _is_named(name, sentence)]
        if any(_core(name) in sentence for name in others):
            named = [name for name in named if _core(name) in sentence]
        elif not named and _EVERYTHING.search(sentence):
            named = list(there)
        found += [name for name in named if name not in found]
    return found


def same_thing(said: str, *, there: Collection[str]) -> list[str]:
    """Which of the materials that are there somebody calls by this name, such as 身份证复印件."""
    wanted = _KINDS_OF_PAPER.sub("", _PAPER.sub("", _core(said))).rstrip("的")
    return [
        name
        for name in there
        if _core(name) in _core(said) or (len(wanted) >= _SHORTEST and _core(name).endswith(wanted))
    ]


def _asks_for_paper(sentence: str) -> bool:
    if _SPARED.search(sentence) or not _WANTED.search(sentence):
        return False
    if _PAPER.search(sentence):
        return True
    return not _ONLINE.search(sentence) and bool(_KINDS_OF_PAPER.search(sentence) or _PLACE.search(sentence))


def _is_named(name: str, sentence: str) -> bool:
    core = _core(name)
    return core in sentence or any(core[at:] in sentence for at in range(1, len(core) - _SHORTEST + 1))


def _core(name: str) -> str:
    """A name without what stands in brackets; a name that is nothing else stays."""
    return _BRACKETS.sub("", name) or name
