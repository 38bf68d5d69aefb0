from django.urls import path, re_path

from apps.metrics.views import cross, forms, pages

_KEY = r"^metrics/(?!metric/|crosstable/|reportedfigure/|new/)(?P<key>[-\w]+)/"

urlpatterns = [
    path("metrics/", pages.ListView.as_view(), name="metrics-list"),
    path("metrics/cross/", cross.ListView.as_view(), name="metrics-cross-list"),
    path("metrics/cross/new/", cross.BuildView.as_view(), name="metrics-cross-new"),
    path("metrics/cross/<slug:key>/", cross.ShowView.as_view(), name="metrics-cross-show"),
    path("metrics/new/", forms.CreateView.as_view(), name="metrics-new"),
    re_path(rf"{_KEY}$", pages.DetailView.as_view(), name="metrics-detail"),
    re_path(rf"{_KEY}edit/$", forms.UpdateView.as_view(), name="metrics-edit"),
]
