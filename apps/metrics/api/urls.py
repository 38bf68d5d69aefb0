from django.urls import path, register_converter
from django.urls.converters import SlugConverter

from apps.metrics.api.views import MetricApi
from apps.records import registry


class MetricKey(SlugConverter):
    """The key of a metric; the record types of this app have addresses of their own."""

    def to_python(self, value: str) -> str:
        types = (each.model._meta for each in registry.types())
        if value in {meta.model_name for meta in types if meta.app_label == "metrics"}:
            raise ValueError(value)
        return value


register_converter(MetricKey, "metric")

urlpatterns = [
    path("metrics/", MetricApi.as_view({"get": "list"}), name="api-metrics"),
    path("metrics/<metric:key>/", MetricApi.as_view({"get": "retrieve"}), name="api-metric"),
]
