"""Addresses of the forms of procedures, under /manage/."""

from django.urls import path

from procedures.views import questionnaires

urlpatterns = [
    path("forms/", questionnaires.waiting, name="manage-forms"),
    path("procedures/<str:code>/form/", questionnaires.versions_of, name="manage-forms-of"),
    path("procedures/<str:code>/form/new/", questionnaires.start, name="manage-form-start"),
    path("procedures/<str:code>/form/<int:pk>/", questionnaires.version, name="manage-form"),
    path("procedures/<str:code>/form/<int:pk>/edit/", questionnaires.edit, name="manage-form-edit"),
    path("procedures/<str:code>/form/<int:pk>/preview/", questionnaires.preview, name="manage-form-preview"),
    path("procedures/<str:code>/form/<int:pk>/print.pdf", questionnaires.printed, name="manage-form-print"),
]
