from django.urls import path

from dossiers.views import bulk, correspondence, feedback, officer, recounts, staff

urlpatterns = [
    path("work/", officer.work, name="work"),
    path("work/search/", officer.work_search, name="work-search"),
    path("work/messages/", correspondence.waiting, name="work-messages"),
    path("work/feedback/", feedback.listed, name="work-feedback"),
    path("work/feedback/<uuid:uid>/", feedback.answering, name="work-feedback-one"),
    path("dossiers/<str:code>/messages/", correspondence.of_dossier, name="dossier-messages"),
    path("manage/recounts/", recounts.recounts, name="recounts"),
    path("manage/recounts/<int:pk>/", recounts.recount, name="recount"),
    path("dossiers/bulk/", bulk.choose, name="bulk"),
    path("dossiers/bulk/<uuid:uid>/", bulk.run, name="bulk-run"),
    path("dossiers/<str:code>/", staff.dossier, name="dossier"),
    path("dossiers/<str:code>/act/<slug:action>/", staff.act, name="dossier-act"),
]
