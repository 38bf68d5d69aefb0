from django.urls import include, path

from benchmarks.peer.site import site

urlpatterns = [path("peer/", site.urls), path("", include("talentwork.urls"))]
