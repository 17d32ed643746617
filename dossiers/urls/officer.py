from django.urls import path

from dossiers.views.correspondence import feedback, messages
from dossiers.views.manage import agency_changes, destruction, recalculations
from dossiers.views.office import bulk, case_opening, document_register, dossier, file_pages, register_data, work

urlpatterns = [
    path("work/", work.work, name="work"),
    path("work/search/", work.work_search, name="work-search"),
    path("work/messages/", messages.waiting, name="work-messages"),
    path("work/feedback/", feedback.listed, name="work-feedback"),
    path("work/feedback/<uuid:uid>/", feedback.answering, name="work-feedback-one"),
    path("dossiers/<str:code>/messages/", messages.of_dossier, name="dossier-messages"),
    path("documents/", document_register.register, name="documents"),
    path("documents/<str:code>/", document_register.describe, name="document-describe"),
    path("manage/recalculations/", recalculations.recalculation_list, name="recalculations"),
    path("manage/recalculations/<int:pk>/", recalculations.recalculation, name="recalculation"),
    path("manage/agency-changes/", agency_changes.listed, name="manage-agency-changes"),
    path("manage/agency-changes/<int:pk>/", agency_changes.one_change, name="manage-agency-change"),
    path("manage/agencies/<int:pk>/change/", agency_changes.begin, name="manage-agency-change-new"),
    path("manage/destruction/", destruction.destruction_list, name="manage-destruction"),
    path("manage/destruction/new/", destruction.draw_up, name="manage-destruction-new"),
    path("manage/destruction/<uuid:uid>/", destruction.one_list, name="manage-destruction-list"),
    path("dossiers/bulk/", bulk.choose, name="bulk"),
    path("dossiers/bulk/<uuid:uid>/", bulk.run, name="bulk-run"),
    path("dossiers/<str:code>/", dossier.dossier, name="dossier"),
    path("dossiers/<str:code>/registers/", register_data.dossier_registers, name="dossier-registers"),
    path("dossiers/<str:code>/files/<uuid:pk>/pages/", file_pages.edit, name="dossier-file-pages"),
    path("dossiers/<str:code>/files/<uuid:pk>/again/", file_pages.read_again, name="dossier-file-again"),
    path("dossiers/<str:code>/sign-copies/", dossier.sign_copies, name="dossier-sign-copies"),
    path("dossiers/<str:code>/open/", case_opening.open_closed, name="dossier-open"),
    path("dossiers/<str:code>/act/<slug:action>/", dossier.act, name="dossier-act"),
]
