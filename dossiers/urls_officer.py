from django.urls import path

from dossiers.views import officer, staff

urlpatterns = [
    path("work/", officer.work, name="work"),
    path("work/search/", officer.work_search, name="work-search"),
    path("dossiers/<str:code>/", staff.dossier, name="dossier"),
    path("dossiers/<str:code>/act/<slug:action>/", staff.act, name="dossier-act"),
]
