from django.urls import path

from dossiers.views import custody, hand_overs

urlpatterns = [
    path("folders/", hand_overs.overview, name="hand-overs"),
    path("folders/records/", hand_overs.records, name="hand-over-records"),
    path("folders/records/new/", hand_overs.begin, name="hand-over-begin"),
    path("folders/records/<uuid:uid>/", hand_overs.record, name="hand-over"),
    path("folders/records/<uuid:uid>/<slug:action>/", hand_overs.act, name="hand-over-act"),
    path("folders/find/", custody.find, name="folder-find"),
    path("folders/<int:pk>/put/", custody.put, name="folder-put"),
    path("folders/open/<str:code>/", custody.open_here, name="folder-open"),
    path("folders/shelf/", custody.shelf, name="folder-shelf"),
    path("folders/astray/", custody.astray, name="folders-astray"),
]
