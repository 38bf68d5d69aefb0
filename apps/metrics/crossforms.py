"""The forms by which staff put a cross table together and save it."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.db import models

from apps.core.periods import Event
from apps.metrics.cross.definition import Definition, Part, ages
from apps.metrics.errors import BrokenMetric
from apps.metrics.forms import Choices, groupable, measurable, rules
from apps.metrics.models import CrossTable
from apps.records.registry import RecordType
from apps.records.rendering import RENDERER

AGES = "ages"
ENDS = (35, 40, 45, 50, 54)
STEPS = {"year": "年", "quarter": "季度", "month": "月"}


def sides(record_type: RecordType) -> Choices:
    """What may make rows or columns: groups, bands of age, steps of time."""
    found = groupable(record_type)
    if {"age_from", "age_to"} <= set(record_type.filterset.base_filters):
        found.insert(0, (AGES, "年龄段"))
    own = record_type.period
    if isinstance(own, Event) and not own.is_year and "__" not in own.field:
        field: Any = record_type.model._meta.get_field(own.field)
        found += [
            (f"{own.field}:{step}", f"{field.verbose_name}（按{word}）")
            for step, word in STEPS.items()
        ]
    return found


def part_of(choice: str, choices: Choices) -> Part:
    """A part from what was chosen; its heading is the field's label."""
    labels = dict(choices)
    if choice not in labels:
        raise BrokenMetric("没有这种分组，请从列表中选择。")
    if choice == AGES:
        return ages(*ENDS)
    path, _, step = choice.partition(":")
    return Part(labels[choice], by=path, step=step)


class BuildForm(forms.Form):
    """Rows, columns, measure and time of a free table; it is sent by GET."""

    default_renderer = RENDERER
    use_required_attribute = False

    rows = forms.ChoiceField(label="行", error_messages={"required": "请选择按什么分行。"})
    columns = forms.ChoiceField(label="列", required=False)
    measure = forms.ChoiceField(label="统计", required=False)
    rule = forms.ChoiceField(label="时段", required=False)
    chart = forms.ChoiceField(label="图", choices=CrossTable.Chart.choices, required=False)

    def __init__(self, data: Any, *, record_type: RecordType, given: dict[str, list[str]]) -> None:
        super().__init__(data, label_suffix="")
        self.record_type, self.given = record_type, given
        self.sides = sides(record_type)
        fields: Any = self.fields
        fields["rows"].choices = [("", "请选择"), *self.sides]
        fields["columns"].choices = [("", "不分列"), *self.sides]
        fields["measure"].choices = measures(record_type)
        fields["rule"].choices = rules(record_type)
        for field in self.fields.values():
            field.widget.attrs["class"] = "form-select"

    def definition(self) -> Definition:
        """What was put together; BrokenMetric when it cannot be counted."""
        chosen = self.cleaned_data
        kind, _, field = (chosen["measure"] or "count").partition(":")
        columns = [part_of(chosen["columns"], self.sides)] if chosen["columns"] else []
        return Definition(
            record_type=self.record_type.label,
            rows=(part_of(chosen["rows"], self.sides),),
            columns=tuple(columns),
            filter=self.given,
            aggregate=kind,
            field=field,
            period_rule=chosen["rule"] or "type",
        )

    @property
    def unit_of_measure(self) -> str:
        """In what the measure counts: people, records or the unit of the field."""
        kind, _, path = (self.cleaned_data["measure"] or "count").partition(":")
        model: type[models.Model] = self.record_type.model
        if kind == "count":
            return "人" if model._meta.label == "talents.Person" else "条"
        label = dict(self.fields["measure"].choices)[f"{kind}:{path}"]  # type: ignore[attr-defined]
        if kind == "distinct":
            return "人" if path.endswith("person") else "个"
        return "元" if "（元）" in label else ""


def measures(record_type: RecordType) -> Choices:
    """Count, count once each, add up, average."""
    found: Choices = [("count", f"{record_type.name}条数")]
    for path, label in measurable(record_type):
        if label.endswith("（数字）"):
            name = label.removesuffix("（数字）")
            found += [(f"sum:{path}", f"{name}合计"), (f"avg:{path}", f"{name}平均")]
        else:
            found.append((f"distinct:{path}", f"{label}（去重计数）"))
    return found


class SaveForm(forms.ModelForm):
    """Name and place of a table that is kept."""

    default_renderer = RENDERER
    use_required_attribute = False

    class Meta:
        model = CrossTable
        fields: ClassVar[list[str]] = ["title", "theme", "note"]
        widgets = {"note": forms.Textarea(attrs={"rows": 2})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        for field in self.fields.values():
            field.widget.attrs["class"] = "form-control"
