from django.urls import path

from digitization.views import documents, drop, files, resumable, signatures

urlpatterns = [
    path("track/document/<str:code>", documents.check, name="document-check"),
    path("files/drop/<str:name>", drop.drop, name="file-drop"),
    path("files/tus/", resumable.begin, name="file-upload"),
    path("files/tus/<uuid:pk>", resumable.go_on, name="file-upload-part"),
    path("files/<uuid:pk>/", files.original, name="file"),
    path("files/<uuid:pk>/pdf", files.searchable, name="file-pdf"),
    path("files/<uuid:pk>/page/<int:page>.png", files.thumbnail, name="file-page"),
    path("files/<uuid:pk>/progress", files.progress, name="file-progress"),
    path("files/<uuid:pk>/signatures/", signatures.signatures, name="file-signatures"),
]
