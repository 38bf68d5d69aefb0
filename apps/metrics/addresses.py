"""Addresses of metrics and of the records behind their figures."""

from __future__ import annotations

from urllib.parse import urlencode

from django.urls import NoReverseMatch, reverse

from apps.core.periods import Period
from apps.metrics.models import Metric
from apps.records.scope import Scope


def list_url(metric: Metric, period: Period, scope: Scope, **more: str) -> str:
    """The list of the records that were counted; of a formula, the page of the metric."""
    params = {"period": period.key, "scope": scope.key, **more}
    if metric.is_formula:
        return metric_url(metric, period, scope)
    try:
        app, _, model = metric.record_type.lower().partition(".")
        return f"{reverse(f'{app}-{model}-list')}?{urlencode({'metric': metric.key, **params})}"
    except NoReverseMatch:
        return ""


def metric_url(metric: Metric, period: Period, scope: Scope) -> str:
    """The page of a metric."""
    params = urlencode({"period": period.key, "scope": scope.key})
    return f"{reverse('metrics-detail', args=[metric.key])}?{params}"
