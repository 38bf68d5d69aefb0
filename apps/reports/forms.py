"""Forms of the wizard and of a report's settings."""

from __future__ import annotations

from typing import Any

from django import forms

from apps.core.fields import DayFormField
from apps.core.periods import Period
from apps.organizations.models import Unit
from apps.records.rendering import RENDERER
from apps.records.scope import Scope
from apps.reports.models import Outline, Report

PARTS = (
    ("", "全年"), ("H1", "上半年"), ("H2", "下半年"),
    ("Q1", "第一季度"), ("Q2", "第二季度"), ("Q3", "第三季度"), ("Q4", "第四季度"),
)  # fmt: skip


class _Look(forms.BaseForm):
    default_renderer = RENDERER
    use_required_attribute = False

    def dress(self) -> None:
        self.label_suffix = ""
        for field in self.fields.values():
            if isinstance(field.widget, forms.CheckboxInput):
                field.widget.attrs["class"] = "form-check-input"
                continue
            chosen = isinstance(field.widget, forms.Select)
            field.widget.attrs["class"] = "form-select" if chosen else "form-control"
            field.error_messages["required"] = f"请{'选择' if chosen else '填写'}{field.label}。"


class StartForm(_Look, forms.Form):
    """Step 1: which time, whose figures, by which outline."""

    year = forms.IntegerField(label="年度", min_value=1990, max_value=2100)
    part = forms.ChoiceField(label="时段", choices=PARTS, required=False)
    unit = forms.ModelChoiceField(
        label="统计范围", queryset=Unit.objects.none(), required=False,
        help_text="数字按所选单位及其下级单位的记录统计",
    )  # fmt: skip
    outline = forms.ModelChoiceField(label="提纲", queryset=Outline.objects.none())
    kind = forms.ChoiceField(label="报告类型", choices=Report.Kind)

    def __init__(self, *args: Any, scope: Scope, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.dress()
        year: Any = self.fields["year"]
        year.error_messages |= {"invalid": "年度应为四位数字，例如 2022。"}
        for validator in year.validators:
            validator.message = "年度应在 1990—2100 之间。"
        unit: Any = self.fields["unit"]
        unit.queryset = Unit.objects.visible_to(scope).order_by("path")
        if scope.is_everything:
            unit.queryset = unit.queryset.exclude(parent=None)
            unit.empty_label = "全区"
        else:
            unit.required, unit.empty_label = True, None
        outline: Any = self.fields["outline"]
        outline.queryset = Outline.objects.filter(is_active=True)
        outline.empty_label = None

    def period(self) -> Period:
        return Period.parse(f"{self.cleaned_data['year']}{self.cleaned_data['part']}")


class AnnualForm(StartForm):
    """The year and whose report, for the annual report in one step."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("part", "outline", "kind"):
            del self.fields[name]


class SettingsForm(_Look, forms.ModelForm):
    """Step 2 and the settings page: title, addressee, signature, day and the outline's switches."""

    signed_on = DayFormField(
        label="成文日期", required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )  # fmt: skip
    version = forms.IntegerField(widget=forms.HiddenInput)

    class Meta:
        model = Report
        fields = ("title", "addressee", "signature", "signed_on")
        widgets = {"title": forms.Textarea(attrs={"rows": 2})}

    def __init__(self, *args: Any, switches: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["version"] = self.instance.version
        self.fields["title"].required = True
        self.fields["addressee"].help_text = "报送给谁，例如 市委人才工作领导小组办公室；没有可不填"
        outline = self.instance.outline if self.instance.outline_id else None
        parsed = outline.parsed() if outline and switches else None
        # in the outline's order: a jsonb column does not keep the order of its keys
        self.switch_names = (
            [n for n in parsed.switches if n in self.instance.switches] if parsed else []
        )
        notes = parsed.switch_notes if parsed else {}
        for number, name in enumerate(self.switch_names):
            self.fields[f"switch{number}"] = forms.BooleanField(
                label=name,
                required=False,
                initial=self.instance.switches[name],
                help_text=notes.get(name, ""),
            )
        self.dress()

    def main_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.Meta.fields]

    def switch_fields(self) -> list[forms.BoundField]:
        return [self[f"switch{number}"] for number in range(len(self.switch_names))]

    def apply(self) -> Report:
        """The report with what was typed, as of the version that was shown."""
        report = self.instance
        report.version = self.cleaned_data["version"]
        report.switches = report.switches | {
            name: self.cleaned_data[f"switch{number}"]
            for number, name in enumerate(self.switch_names)
        }
        return report
