from django.urls import path

from dossiers.views.citizen import (
    dossier,
    filing,
    filing_authorisation,
    filing_check,
    filing_declaration,
    filing_documents,
    filing_fee,
    tracking,
)
from dossiers.views.correspondence import feedback, messages
from dossiers.views.office import due_date

urlpatterns = [
    path("due-date/", due_date.due_date, name="due-date"),
    path("file/<str:code>/", filing.start, name="file-start"),
    path("my/dossiers/", dossier.dossiers, name="my-dossiers"),
    path("my/dossiers/<uuid:uid>/", dossier.dossier, name="my-dossier"),
    path("my/dossiers/<uuid:uid>/act/<slug:action>/", dossier.act, name="my-dossier-act"),
    path("my/dossiers/<uuid:uid>/answer/<uuid:file>/remove/", dossier.take_back, name="my-dossier-take-back"),
    path("my/dossiers/<uuid:uid>/messages/", messages.mine, name="my-dossier-messages"),
    path("my/feedback/", feedback.mine, name="my-feedback"),
    path("feedback/desks/", feedback.desks, name="feedback-desks"),
    path("feedback/desks/<int:pk>/", feedback.about_desk, name="feedback-desk"),
    path("feedback/dossiers/<str:code>/", feedback.about_dossier, name="feedback-dossier"),
    path("feedback/<uuid:uid>/", feedback.one, name="feedback"),
    path("my/dossiers/<uuid:uid>/rate/", dossier.rate, name="my-dossier-rate"),
    path("my/dossiers/<uuid:uid>/file/", filing.tasks, name="file-tasks"),
    path("my/dossiers/<uuid:uid>/file/documents/", filing_documents.documents, name="file-documents"),
    path("my/dossiers/<uuid:uid>/file/documents/ticked/", filing_documents.ticked, name="file-ticked"),
    path("my/dossiers/<uuid:uid>/file/documents/<int:pk>/join/", filing_documents.join, name="file-join"),
    path(
        "my/dossiers/<uuid:uid>/file/documents/<int:pk>/<uuid:file>/remove/",
        filing_documents.detach,
        name="file-detach",
    ),
    path("my/dossiers/<uuid:uid>/file/documents/<int:pk>/<uuid:file>/up/", filing_documents.move_up, name="file-up"),
    path("my/dossiers/<uuid:uid>/file/declaration/", filing_declaration.declaration_page, name="file-declaration"),
    path("my/dossiers/<uuid:uid>/file/authorisation/", filing_authorisation.paper, name="file-authorisation"),
    path("my/dossiers/<uuid:uid>/file/fee/", filing_fee.fee_page, name="file-fee"),
    path("my/dossiers/<uuid:uid>/declaration.pdf", filing_declaration.printed, name="my-dossier-declaration"),
    path("my/dossiers/<uuid:uid>/file/check/", filing_check.check, name="file-check"),
    path("my/dossiers/<uuid:uid>/file/sent/", filing.sent, name="file-sent"),
    path("my/dossiers/<uuid:uid>/file/renew/", filing.renew, name="file-renew"),
    path("my/dossiers/<uuid:uid>/file/discard/", filing.discard, name="file-discard"),
    path("my/dossiers/<uuid:uid>/file/restore/", filing.restore, name="file-restore"),
    path("my/dossiers/<uuid:uid>/file/<slug:section>/typed/", filing.typed, name="file-typed"),
    path("my/dossiers/<uuid:uid>/file/<slug:section>/", filing.section, name="file-section"),
    path("track/", tracking.form, name="track"),
    path("track/<str:code>/", tracking.dossier, name="track-dossier"),
    path("track/<str:code>/pin/", tracking.pin, name="track-pin"),
]
