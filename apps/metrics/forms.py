"""The forms by which staff define a metric: from the filters of a list, or as a formula."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.db import models

from apps.core.fields import CodeField, DerivedField, EncryptedField
from apps.metrics import services
from apps.metrics.checks import fault_of
from apps.metrics.compiling import LATEST_OF, REPORTED_OF, Kind, Rule, by_name
from apps.metrics.errors import BrokenMetric
from apps.metrics.models import Metric
from apps.metrics.wording import formula_text, period_text
from apps.records import registry
from apps.records.registry import RecordType
from apps.records.rendering import RENDERER

Choices = list[tuple[str, str]]


class MetricForm(forms.ModelForm):
    """What both forms ask: the words, and that the metric compiles."""

    default_renderer = RENDERER
    use_required_attribute = False
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = Metric
        fields: ClassVar[list[str]] = ["label", "definition", "unit_of_measure", "theme"]
        widgets = {"definition": forms.Textarea(attrs={"rows": 3})}
        help_texts = {
            "label": "报告里引用它的词，如：培训人次",
            "definition": "说清楚什么计入、什么不计入",
            "unit_of_measure": "如：人、人次、期、元；比例写 %",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        self.fields["theme"].widget.attrs["list"] = "themes"
        for field in self.fields.values():
            _dress(field.widget)
        if self.instance.pk:
            self.initial["version"] = self.instance.version

    @property
    def themes(self) -> list[str]:
        found = Metric.objects.order_by().values_list("theme", flat=True).distinct()
        return sorted(theme for theme in found if theme)

    def clean_label(self) -> str:
        label: str = self.cleaned_data["label"]
        others = Metric.objects.exclude(pk=self.instance.pk)
        if others.filter(label=label).exists() or others.filter(key=label).exists():
            raise ValidationError(f"已有名为“{label}”的指标，请换一个名称。")
        return label

    def clean_version(self) -> int | None:
        version: int | None = self.cleaned_data["version"]
        if self.instance.pk and version != self.instance.version:
            raise ValidationError("您打开之后这个指标已被他人修改，没有保存，请重新打开后再修改。")
        return version

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        if self.errors:
            return
        metric = self.instance
        known = by_name([*Metric.objects.exclude(pk=metric.pk), metric])
        if fault := fault_of(metric, known):
            self.add_error(None, fault)


class FilterMetricForm(MetricForm):
    """A metric over the records that a list shows; ``record_type`` and filters are given."""

    aggregate = forms.ChoiceField(label="统计方式")
    field = forms.ChoiceField(
        label="统计字段", required=False, help_text="求和、平均选数字；去重计数选要数的内容；"
        "平均、最小、最大不选字段而选分组，就比较各组有几条，如每名领导联系几名专家",
    )  # fmt: skip
    group_by = forms.ChoiceField(label="分组", required=False)
    period_rule = forms.ChoiceField(label="时段")
    whole = forms.MultipleChoiceField(
        label="分母条件", required=False, widget=forms.CheckboxSelectMultiple,
        help_text="只用于占比和完成率：勾选的是分母，其余是分子",
    )  # fmt: skip

    class Meta(MetricForm.Meta):
        fields: ClassVar[list[str]] = [
            *MetricForm.Meta.fields, "aggregate", "field", "group_by", "period_rule",
        ]  # fmt: skip

    def __init__(
        self, *args: Any, record_type: RecordType, given: dict[str, list[str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.record_type, self.given = record_type, given
        fields: Any = self.fields
        fields["aggregate"].choices = aggregates(record_type)
        fields["field"].choices = [("", "——"), *measurable(record_type)]
        fields["group_by"].choices = [("", "不分组"), *groupable(record_type)]
        fields["period_rule"].choices = rules(record_type)
        filters = record_type.all_filters
        fields["whole"].choices = [(name, str(filters[name].label)) for name in given]
        if self.instance.pk:
            self.initial["whole"] = list(self.instance.denominator)
        if not given:
            del self.fields["whole"]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        whole = cleaned.get("whole") or []
        is_share = cleaned.get("aggregate") in (Kind.SHARE, Kind.COMPLETION)
        metric = self.instance
        metric.record_type = self.record_type.label
        parts = {name: values for name, values in self.given.items() if name not in whole}
        metric.filter = parts if is_share else dict(self.given)
        metric.denominator = {name: self.given[name] for name in whole} if is_share else {}
        if is_share and not parts:
            self.add_error(None, "占比要有分子条件：至少留一个条件不勾选为分母。")
        return cleaned


class FormulaMetricForm(MetricForm):
    """A metric worked out from others."""

    class Meta(MetricForm.Meta):
        fields: ClassVar[list[str]] = [*MetricForm.Meta.fields, "formula"]
        help_texts = {
            **MetricForm.Meta.help_texts,
            "formula": "用指标名称和 + - × ÷ 括号，如：人才总量 ÷ 从业人员数",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["formula"].required = True
        if self.instance.pk:
            known = by_name(list(Metric.objects.all()))
            self.initial["formula"] = formula_text(self.instance, known)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        self.instance.aggregate = Kind.FORMULA
        return cleaned

    def clean_formula(self) -> str:
        try:
            return services.formula_by_keys(self.cleaned_data["formula"])
        except BrokenMetric as error:
            raise ValidationError(error.message) from None


class ReportedMetricForm(MetricForm):
    """A metric that nobody counts: units report its figures."""

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        metric = self.instance
        metric.aggregate, metric.record_type, metric.group_by = Kind.REPORTED, REPORTED_OF, "unit"
        return cleaned


def _dress(widget: forms.Widget) -> None:
    if isinstance(widget, forms.CheckboxSelectMultiple) or widget.is_hidden:
        return
    css = "form-select" if isinstance(widget, forms.Select) else "form-control"
    widget.attrs["class"] = css


def aggregates(record_type: RecordType) -> Choices:
    """The aggregates that staff may choose for a record type."""
    left_out = {Kind.FORMULA, Kind.REPORTED} | (
        set() if record_type.label == LATEST_OF else {Kind.LATEST}
    )
    return [(kind.value, str(kind.label)) for kind in Kind if kind not in left_out]


def rules(record_type: RecordType) -> Choices:
    """The period rules that make sense for a record type, the usual one first."""
    if record_type.period is None:
        return [(Rule.TYPE.value, period_text(record_type, Rule.TYPE))]
    spans = [Rule.START, Rule.END] if record_type.is_span else []
    second = [Rule.SECOND] if record_type.second_period else []
    wanted = [Rule.TYPE, *second, *spans, Rule.NEXT, Rule.ALL]
    return [(rule.value, period_text(record_type, rule)) for rule in wanted]


def measurable(record_type: RecordType) -> Choices:
    """Fields that can be added up or counted once each, numbers first."""
    named = list(_paths(record_type))
    numbers = [(path, f"{label}（数字）") for path, label, field in named if _is_number(field)]
    things = [
        (path, label)
        for path, label, field in named
        if not _is_number(field) and "__" not in path and _is_thing(field)
    ]
    return numbers + things


def groupable(record_type: RecordType) -> Choices:
    """Fields that make groups: codes, choices, references, also of the records pointed to."""
    return [
        (path, label)
        for path, label, field in _paths(record_type)
        if isinstance(field, (CodeField, models.ForeignKey, models.BooleanField)) or field.choices
    ]


def _paths(record_type: RecordType) -> Iterator[tuple[str, str, models.Field]]:
    """Fields of a type, and one step further those of the records it points to."""
    known = {other.model for other in registry.types()}
    for name in record_type.fields:
        field: Any = record_type.model._meta.get_field(name)
        if isinstance(field, (EncryptedField, DerivedField)):
            continue
        yield name, str(field.verbose_name), field
        if field.related_model not in known:
            continue
        for further in registry.of(field.related_model).fields:
            inner: Any = field.related_model._meta.get_field(further)
            if isinstance(inner, CodeField) or inner.choices or _is_number(inner) or _is_fk(inner):
                label = f"{field.verbose_name} · {inner.verbose_name}"
                yield f"{name}__{further}", label, inner
    for key, extra in record_type.extras.fields.items():
        yield key, extra.label, extra.field


def _is_number(field: models.Field) -> bool:
    kinds = (models.IntegerField, models.DecimalField)
    return isinstance(field, kinds) and not field.choices and not field.name.endswith("year")


def _is_fk(field: models.Field) -> bool:
    return isinstance(field, models.ForeignKey)


def _is_thing(field: models.Field) -> bool:
    return isinstance(field, (CodeField, models.ForeignKey, models.CharField))
