from django.urls import path

from dossiers.views.custody import folders, handovers

urlpatterns = [
    path("folders/", handovers.overview, name="hand-overs"),
    path("folders/records/", handovers.records, name="hand-over-records"),
    path("folders/records/new/", handovers.begin, name="hand-over-begin"),
    path("folders/records/<uuid:uid>/", handovers.record, name="hand-over"),
    path("folders/records/<uuid:uid>/<slug:action>/", handovers.act, name="hand-over-act"),
    path("folders/find/", folders.find, name="folder-find"),
    path("folders/<int:pk>/put/", folders.put, name="folder-put"),
    path("folders/open/<str:code>/", folders.open_here, name="folder-open"),
    path("folders/shelf/", folders.shelf, name="folder-shelf"),
    path("folders/missing/", folders.missing, name="folders-missing"),
]
