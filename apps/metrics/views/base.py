"""What the pages of metrics share: permission, period and scope of the address."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.generic import View

from apps.core.errors import DomainError
from apps.core.periods import Period
from apps.metrics.models import Metric
from apps.records import lenses
from apps.records.errors import FilterError
from apps.records.scope import Scope
from apps.records.views.base import DomainErrorMixin, SignedInMixin
from apps.records.years import working_year


class Asked:
    """Which metric, period and scope an address asks for."""

    request: HttpRequest

    @property
    def period(self) -> Period:
        """The period of the address, else the working year; FilterError when it cannot be read."""
        key = self.request.GET.get("period", "")
        try:
            return Period.parse(key) if key else Period.year(working_year(self.request))
        except DomainError as error:
            raise FilterError(error.message) from None

    @property
    def scope(self) -> Scope:
        scope = lenses.narrowed(self.request)
        return scope if scope.label else Scope(scope.paths, "全区")

    def metric(self, key: str) -> Metric:
        metric = Metric.objects.filter(key=key).first()
        if metric is None:
            raise Http404("没有这个指标，可能已改名或删除。")
        return metric


class MetricView(Asked, SignedInMixin, DomainErrorMixin, View):
    """``needs`` is what it takes: view, add or change."""

    needs = "view"

    def permission(self) -> str:
        return f"metrics.{self.needs}_metric"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        request.scope = Scope.of(request.user)  # type: ignore[attr-defined]

    def render(self, template: str, status: int = 200, **context: Any) -> HttpResponse:
        may = {a: self.request.user.has_perm(f"metrics.{a}_metric") for a in ("add", "change")}
        return render(self.request, template, {"may": may, **context}, status=status)
