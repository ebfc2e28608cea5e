"""Numbers as a chart and as a table of the same numbers (图表): what the page's script draws, as data."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

_COLOURS = ("#1554c0", "#0a7a45", "#d98a00", "#5a6478")
# From so many names on, only every third is written.
_CLOSE = 10
_INK, _MUTED, _LINE = "#1d2433", "#5a6478", "#e3e7ef"


@dataclass(frozen=True, slots=True)
class Chart:
    """One chart: `options` is the JSON that is drawn, `heads` and `rows` the table of the same numbers."""

    title: str
    options: str
    heads: Sequence[str]
    rows: Sequence[Sequence[str | int]]


@dataclass(frozen=True, slots=True)
class Series:
    """One row of numbers; `kind` is bar or line."""

    name: str
    values: Sequence[float]
    kind: str = "bar"


def over(title: str, *, axis: str, names: Sequence[str], series: Sequence[Series], unit: str = "") -> Chart:
    """Numbers along an axis, such as days or half hours."""
    drawn = {
        **_frame("axis"),
        "grid": {"left": 4, "right": 8, "top": 40, "bottom": 4, "containLabel": True},
        "xAxis": {
            "type": "category",
            "data": names,
            "axisTick": {"show": False},
            "axisLabel": {"color": _MUTED, "interval": 2 if len(names) > _CLOSE else "auto"},
            "axisLine": {"lineStyle": {"color": "#8a94a6"}},
        },
        "yAxis": {
            "type": "value",
            "name": unit,
            "minInterval": 1,
            "axisLabel": {"color": _MUTED},
            "splitLine": {"lineStyle": {"color": _LINE}},
        },
        "series": [
            {"name": each.name, "type": each.kind, "data": each.values, "barMaxWidth": 36, "symbolSize": 7}
            for each in series
        ],
    }
    columns = [each.values for each in series]
    rows = [
        (name, *(_written(value) for value in values)) for name, *values in zip(names, *columns, strict=True)
    ]
    return Chart(title, _json(drawn), (axis, *(each.name for each in series)), rows)


def shares(title: str, *, axis: str, parts: Mapping[str, int]) -> Chart:
    """Parts of a whole, as a ring and in percent."""
    whole = sum(parts.values())
    drawn = {
        **_frame("item"),
        "series": [
            {
                "type": "pie",
                "radius": ["40%", "62%"],
                "center": ["50%", "56%"],
                # From the left: the words of a single part then stand beside the ring, not across it.
                "startAngle": 180,
                "data": [{"name": name, "value": value} for name, value in parts.items()],
                "label": {"formatter": "{b}\n{d}%", "overflow": "none", "color": _INK, "lineHeight": 16},
                "labelLine": {"length": 8, "length2": 8},
                "itemStyle": {"borderColor": "#fff", "borderWidth": 2},
            }
        ],
    }
    rows = [(name, value, f"{value * 100 / whole:.1f}%") for name, value in parts.items()]
    return Chart(title, _json(drawn), (axis, "件数", "占比"), rows)


def _frame(trigger: str) -> dict[str, Any]:
    # Drawn as text: a box of HTML would carry styles that the page's policy refuses.
    tip = {"trigger": trigger, "renderMode": "richText", "confine": True}
    legend = {"top": 0, "icon": "roundRect", "itemGap": 18, "itemWidth": 16, "textStyle": {"color": _INK}}
    return {"color": _COLOURS, "textStyle": {"fontFamily": "inherit"}, "tooltip": tip, "legend": legend}


def _written(value: float) -> str | int:
    return value if isinstance(value, int) else f"{value:.2f}"


def _json(drawn: Mapping[str, Any]) -> str:
    return orjson.dumps(drawn).decode()
