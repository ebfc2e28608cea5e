"""Questions and rules of every shape that the form can hold (情形表单的极端数据)."""

from typing import Any

# Every field, also such as break the rules, or say the same in a way of their own.
ODD: dict[str, Any] = {
    "questions": [
        {
            "key": "q7",
            "text": "有\n几个？",
            "kind": "number",
            "unit": "个",
            "help": "",
            "stable": False,
            "changeable": True,
        },
        {"key": "born", "text": "", "kind": "date", "known_from": "birth_date", "ask_when": []},
        {
            "key": "Bad Key",
            "text": "哪种？",
            "kind": "choice",
            "choices": [{"value": "x", "text": "甲"}, {"value": "y", "text": ""}],
            "known_from": "certificate",
            "known_by": ["结婚证", "离婚证"],
            "known_as": "z",
            "ask_when": [{"q": "born", "is": "yes"}, {"q": "nobody", "years_below": 3}],
        },
        {
            "key": "some",
            "text": "哪几种？",
            "kind": "several",
            "choices": [{"value": "m", "text": "甲"}, {"value": "n", "text": "乙"}],
            "ask_when": [{"q": "q7", "at_least": 1}],
        },
        {"key": "odd", "text": "多选？", "kind": "many", "ask_when": [{"q": "q7", "below": "三"}]},
    ],
    "rows": [
        {"when": []},
        {
            "when": [
                {"q": "Bad Key", "in": ["y", "x"]},
                {"q": "Bad Key", "in": ["x"]},
                {"q": "odd", "in": []},
            ],
            "need": ["NO-SUCH", "ID-LOST-M01"],
            "fees": ["NO-FEE"],
            "limit": {"days": "三", "unit": "WEEK"},
            "visits": "x",
            "refuse": {"reason": "", "law": "<法>", "instead": "“窗口”"},
            "effective_from": "明天",
            "effective_to": "2027-01-01",
        },
        {
            "when": [
                {"q": "some", "has": ["n", "m"]},
                {"q": "some", "has_not": ["m"]},
                {"q": "some", "is": "m"},
            ]
        },
        {"when": [{"q": "born", "days_below": 9}], "fees": [], "skip": [], "limit": {"unit": "DAY"}},
    ],
}
