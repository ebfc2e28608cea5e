"""The blank forms and filled samples of the demo city (演示的空白表和样本), drawn from what items ask."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.catalogue.item_files import BLANK, SAMPLE
from app.db import unit_of_work
from app.papers import forms, queries, service
from app.papers.forms import Filled, Form, Question

Item = dict[str, Any]

# 申请人自备 and 申请表格文书: what an applicant writes.
_WRITTEN_BY_THE_APPLICANT = {"source_type": "10", "material_type": "2"}
_SHOWN_BEFORE, _SHOWN_BEHIND = 6, 4


@dataclass(frozen=True, slots=True)
class _Drawing:
    """One file that a material is to name: which field names it, and what it is drawn from."""

    field: str
    material: dict[str, Any]
    form: Form
    filled: Filled | None

    @property
    def recipe(self) -> bytes:
        return forms.recipe(self.form, self.filled)

    @property
    def name(self) -> str:
        return f"{self.form.title}（{service.KIND_NAMES[self.field]}）.pdf"


def name_papers(items: Sequence[Item], *, samples: Mapping[str, Any]) -> None:
    """Have every form among the items' materials name its blank and its sample, drawn now or before.

    Call it outside a unit of work. The items are changed; they also say themselves whether they have files.
    """
    wanted = [drawing for item in items for drawing in _drawings(item, samples)]
    with unit_of_work() as session:
        drawn = queries.drawn(session, recipes=[drawing.recipe for drawing in wanted])
    for drawing in wanted:
        sha256 = drawn.get(drawing.recipe)
        drawing.material[drawing.field] = sha256 if sha256 is not None else _draw(drawing)
    for item in items:
        for flag, field in (("blank_form", BLANK), ("sample_form", SAMPLE)):
            item[flag] = any(field in material for material in item["materials"])


def _drawings(item: Item, samples: Mapping[str, Any]) -> Iterator[_Drawing]:
    for material in item["materials"]:
        if _WRITTEN_BY_THE_APPLICANT.items() <= material.items():
            form = forms.form_of(item, material)
            yield _Drawing(BLANK, material, form, None)
            yield _Drawing(SAMPLE, material, form, _filled(form, samples))


def _draw(drawing: _Drawing) -> str:
    content = forms.draw(drawing.form, drawing.filled)
    return service.keep(content, drawing.name, None, recipe=drawing.recipe).sha256


def _filled(form: Form, samples: Mapping[str, Any]) -> Filled:
    return Filled(
        answers={question.key: _answer(question, samples) for question in form.questions},
        writing=samples["writing"].format(task_name=form.task_name, title=form.title),
        day=samples["day"],
    )


def _answer(question: Question, samples: Mapping[str, Any]) -> str:
    if question.choices:
        return question.choices[0]
    if question.kind in {"citizen_number", "organisation_code"}:
        number = samples[question.kind]
        hidden = "*" * (len(number) - _SHOWN_BEFORE - _SHOWN_BEHIND)
        return f"{number[:_SHOWN_BEFORE]}{hidden}{number[-_SHOWN_BEHIND:]}"
    said: str = samples["labels"].get(question.label) or samples["kinds"][question.kind]
    return said
