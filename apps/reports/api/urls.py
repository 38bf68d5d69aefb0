from django.urls import path

from apps.reports.api.views import ReportApi

urlpatterns = [
    path("reports/", ReportApi.as_view({"get": "list", "post": "create"}), name="api-reports"),
    path("reports/<int:pk>/", ReportApi.as_view({"get": "retrieve"}), name="api-report"),
    path(
        "reports/<int:pk>/export/<slug:kind>/",
        ReportApi.as_view({"post": "export"}),
        name="api-report-export",
    ),
]
