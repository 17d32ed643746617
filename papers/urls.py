from django.urls import path

from papers import views

urlpatterns = [
    path("track/paper/<code>", views.check, name="paper-check"),
    path("papers/<code>.pdf", views.download, name="paper"),
]
