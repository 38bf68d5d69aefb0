"""Defining a metric: from the filters of a list, or as a formula; changing its definition."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from apps.metrics import selectors, services, wording
from apps.metrics.checks import fault_of
from apps.metrics.compiling import by_name, clean_params
from apps.metrics.errors import BrokenMetric
from apps.metrics.forms import (
    FilterMetricForm,
    FormulaMetricForm,
    MetricForm,
    ReportedMetricForm,
)
from apps.metrics.lenses import filters_behind
from apps.metrics.models import Metric
from apps.metrics.views.base import MetricView
from apps.records import lenses, registry
from apps.records.actors import Actor
from apps.records.errors import FilterError, StaleRecord
from apps.records.registry import RecordType

# Parameters of a list that are no filters: what it shows them how.
NOT_FILTERS = {"from", "page", "size", "sort", "period", "as_of", "scope", "fields", "purpose"}


class MetricFormView(MetricView):
    """What adding and changing share."""

    old: Metric | None = None

    def record_type(self) -> RecordType | None:
        """The type whose records are counted; None for a formula and for what units report."""
        raise NotImplementedError

    @property
    def is_reported(self) -> bool:
        """Whether the metric is one that units report."""
        return self.old.is_reported if self.old else "reported" in self.request.GET

    def given(self, record_type: RecordType) -> dict[str, list[str]]:
        """The filters of the metric."""
        raise NotImplementedError

    def form(self, data: Any = None) -> MetricForm:
        record_type = self.record_type()
        instance = self.old or Metric()
        if record_type is None:
            kind = ReportedMetricForm if self.is_reported else FormulaMetricForm
            return kind(data, instance=instance)
        try:
            given = clean_params(record_type, self.given(record_type))
            wording.conditions(record_type, given, self.scope)  # refuses what is no filter
        except BrokenMetric as error:
            raise FilterError(error.message) from None
        return FilterMetricForm(data, instance=instance, record_type=record_type, given=given)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.show(self.form())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self.form(request.POST)
        if not form.is_valid():
            return self.show(form)
        metric: Metric = form.instance
        if "preview" in request.POST:
            return self.show(form, preview=self.preview(metric))
        try:
            services.save_metric(metric, by=Actor.of(request))
        except StaleRecord as error:
            form.add_error(None, error.message)
            return self.show(form)
        except ValidationError as error:
            form.add_error(None, error)
            return self.show(form)
        messages.success(request, f"已保存指标“{metric.label}”，报告中可以引用它。")
        return HttpResponseRedirect(reverse("metrics-detail", args=[metric.key]))

    def preview(self, metric: Metric) -> Any:
        """The figure the metric would have in the working year."""
        metric.key = metric.key or "preview"
        return selectors.evaluate([metric], self.period, self.scope)[metric.key]

    def show(self, form: MetricForm, **more: Any) -> HttpResponse:
        record_type = self.record_type()
        given = getattr(form, "given", {})
        return self.render(
            "metrics/form.html",
            form=form,
            old=self.old,
            is_reported=self.is_reported,
            counted=record_type,
            conditions=wording.conditions(record_type, given, self.scope) if record_type else "",
            list_url=f"{record_type.url('list')}?{urlencode(given, True)}" if record_type else "",
            period=self.period,
            **more,
        )


class CreateView(MetricFormView):
    """``from=talents.Person&education=21…``; without ``from`` a formula, with ``reported`` one
    that units report.
    """

    needs = "add"

    def record_type(self) -> RecordType | None:
        label = self.request.GET.get("from", "")
        if not label:
            return None
        known = {record_type.label: record_type for record_type in registry.types()}
        if label not in known or not self.request.user.has_perm(known[label].permission("view")):
            raise FilterError(f"没有“{label}”这种记录，请从记录列表点“存为指标”进入。")
        return known[label]

    def given(self, record_type: RecordType) -> dict[str, list[str]]:
        params = {name: [v for v in values if v.strip()] for name, values in self.pairs}
        shown = params.pop("metric", [""])[-1]
        own = set(lenses.parameters("metric")) | NOT_FILTERS
        given = {name: values for name, values in params.items() if name not in own and values}
        if shown:
            given = {**filters_behind(self.metric(shown), record_type), **given}
        return given

    @property
    def pairs(self) -> list[tuple[str, list[str]]]:
        return list(self.request.GET.lists())


class UpdateView(MetricFormView):
    """The words, the aggregate and the grouping; other filters make another metric."""

    needs = "change"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.key = kwargs["key"]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if request.user.has_perm("metrics.change_metric"):
            self.old = self.metric(self.key)
        return super().dispatch(request, *args, **kwargs)

    def record_type(self) -> RecordType | None:
        metric = self.old
        if metric is None or metric.is_formula or metric.is_reported:
            return None
        if fault := fault_of(metric, by_name([metric])):
            raise FilterError(f"指标“{metric.label}”定义有误，不能在这里修改：{fault}")
        return registry.get(metric.record_type)

    def given(self, record_type: RecordType) -> dict[str, list[str]]:
        metric = self.old
        return {**metric.denominator, **metric.filter} if metric else {}
