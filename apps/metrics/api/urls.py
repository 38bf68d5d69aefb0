from django.urls import path, re_path

from apps.metrics.api.views import MetricApi
from apps.records import registry

# Words in the place of a key that are record types of this app.
_TYPES = "|".join(
    f"{each.model._meta.model_name}/"
    for each in registry.types()
    if each.model._meta.app_label == "metrics"
)

urlpatterns = [
    path("metrics/", MetricApi.as_view({"get": "list"}), name="api-metrics"),
    re_path(
        rf"^metrics/(?!{_TYPES})(?P<key>[-\w]+)/$",
        MetricApi.as_view({"get": "retrieve"}),
        name="api-metric",
    ),
]
