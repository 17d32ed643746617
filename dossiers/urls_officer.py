from django.urls import path

from dossiers.views import correspondence, feedback, officer, staff

urlpatterns = [
    path("work/", officer.work, name="work"),
    path("work/search/", officer.work_search, name="work-search"),
    path("work/messages/", correspondence.waiting, name="work-messages"),
    path("work/feedback/", feedback.listed, name="work-feedback"),
    path("work/feedback/<uuid:uid>/", feedback.answering, name="work-feedback-one"),
    path("dossiers/<str:code>/messages/", correspondence.of_dossier, name="dossier-messages"),
    path("dossiers/<str:code>/", staff.dossier, name="dossier"),
    path("dossiers/<str:code>/act/<slug:action>/", staff.act, name="dossier-act"),
]
