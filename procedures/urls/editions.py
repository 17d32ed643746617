from django.urls import path

from procedures.views import competence, editions, evaluation, fees, new_procedure, replacements, templates, updates

urlpatterns = [
    path("manage/editions/", editions.edition_list, name="manage-editions"),
    path("manage/editions/<int:pk>/", editions.edition, name="manage-edition-life"),
    path("manage/editions/<int:pk>/act/<slug:action>/", editions.act, name="manage-edition-act"),
    path("manage/editions/<int:pk>/fees/", fees.bench, name="manage-fee-bench"),
    path("manage/editions/<int:pk>/part/<slug:key>/", editions.part, name="manage-edition-part"),
    path("manage/editions/<int:pk>/preview/", editions.preview, name="manage-edition-preview"),
    path("manage/editions/<int:pk>/rebase/", editions.rebase, name="manage-edition-rebase"),
    path("procedures/templates/<int:pk>/", templates.paper_template, name="paper-template"),
    path("procedures/<str:code>/clear/", evaluation.vote, name="procedure-vote"),
    path("manage/evaluation/", evaluation.overview, name="manage-evaluation"),
    path("manage/evaluation/improvements/", evaluation.improvements, name="manage-improvements"),
    path("manage/evaluation/improvements/<int:pk>/", evaluation.decide, name="manage-improvement"),
    path("manage/evaluation/<str:code>/<slug:kind>/", evaluation.propose, name="manage-propose"),
    path("manage/competence/row/", competence.competence_row, name="manage-competence-row"),
    path("manage/competence/changes/<int:pk>/", competence.competence_change, name="manage-competence-change"),
    path("manage/competence/<int:pk>/remove/", competence.remove, name="manage-competence-remove"),
    path("manage/replacements/", replacements.replacement_list, name="manage-replacements"),
    path("manage/replacements/load/", replacements.load, name="manage-replacements-load"),
    path("manage/replacements/approve/", replacements.approve, name="manage-replacements-approve"),
    path("manage/replacements/<int:pk>/", replacements.decide, name="manage-replacement"),
    path("manage/updates/", updates.update_list, name="manage-updates"),
    path("manage/updates/<str:code>/", updates.update, name="manage-update"),
    path("manage/catalogue/new/", new_procedure.new_procedure, name="manage-procedure-new"),
    path("manage/catalogue/<str:code>/compare/", editions.comparison, name="manage-compare"),
    path("manage/catalogue/<str:code>/draft/", editions.start, name="manage-draft"),
]
