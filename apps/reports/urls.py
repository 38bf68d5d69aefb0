from django.urls import path

from apps.reports.views import editing, figures, life, pages, wizard

_ONE = "reports/<int:pk>/"

urlpatterns = [
    path("reports/", pages.ListView.as_view(), name="reports-list"),
    path("reports/screen.css", pages.screen_style, name="reports-style"),
    path("reports/new/", wizard.StartView.as_view(), name="reports-new"),
    path(_ONE, pages.DetailView.as_view(), name="reports-detail"),
    path(f"{_ONE}prepare/<int:step>/", wizard.PrepareView.as_view(), name="reports-prepare"),
    path(f"{_ONE}delete/", wizard.DiscardView.as_view(), name="reports-delete"),
    path(f"{_ONE}print/", pages.PrintView.as_view(), name="reports-print"),
    path(f"{_ONE}export/<slug:kind>/", pages.ExportView.as_view(), name="reports-export"),
    path(f"{_ONE}history/", pages.HistoryView.as_view(), name="reports-history"),
    path(f"{_ONE}settings/", life.SettingsView.as_view(), name="reports-settings"),
    path(f"{_ONE}status/", life.StatusView.as_view(), name="reports-status"),
    path(f"{_ONE}redraft/", life.RedraftView.as_view(), name="reports-redraft"),
    path(f"{_ONE}copy/", life.CopyView.as_view(), name="reports-copy"),
    path(f"{_ONE}recount/", figures.RecountView.as_view(), name="reports-recount"),
    path(f"{_ONE}adopt/", figures.AdoptView.as_view(), name="reports-adopt"),
    path(f"{_ONE}figures/<int:node>/", figures.FigureView.as_view(), name="reports-figure"),
    path(
        f"{_ONE}figures/<int:node>/override/",
        figures.OverrideView.as_view(),
        name="reports-override",
    ),
    path(f"{_ONE}picker/", figures.PickerView.as_view(), name="reports-picker"),
    path(f"{_ONE}picker/<slug:key>/", figures.PickerFormsView.as_view(), name="reports-forms"),
    path(f"{_ONE}preview/", editing.PreviewView.as_view(), name="reports-preview"),
    path(f"{_ONE}blocks/new/", editing.NewBlockView.as_view(), name="reports-block-new"),
    path(f"{_ONE}blocks/<int:block>/", editing.BlockView.as_view(), name="reports-block"),
    path(
        f"{_ONE}blocks/<int:block>/move/<slug:way>/",
        editing.MoveView.as_view(),
        name="reports-block-move",
    ),
    path(
        f"{_ONE}blocks/<int:block>/delete/",
        editing.DeleteBlockView.as_view(),
        name="reports-block-delete",
    ),
    path(f"{_ONE}gaps/<int:gap>/<slug:way>/", editing.GapView.as_view(), name="reports-gap"),
]
