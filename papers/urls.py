from django.urls import path

from papers import views

urlpatterns = [
    path("track/paper/<code>", views.check, name="paper-check"),
    path("track/paper/<code>/proof.json", views.proof, name="paper-proof"),
    path("history/", views.day_roots, name="day-roots"),
    path("history/roots.jsonl", views.all_day_roots, name="all-day-roots"),
    path("papers/<code>.pdf", views.download, name="paper"),
]
