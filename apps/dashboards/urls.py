from django.urls import path

from apps.dashboards import board_views, mine_views, views

urlpatterns = [
    path("", views.home, name="home"),
    path("board/", board_views.BoardView.as_view(), name="dashboards-board"),
    path("mine/", mine_views.MineView.as_view(), name="dashboards-mine"),
    path("mine/<int:pk>/visit/", mine_views.NoteVisitView.as_view(), name="dashboards-note-visit"),
]
