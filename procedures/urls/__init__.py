from django.urls import include, path

from procedures.views import citizen, confirmations, guides, manage, open_queries, poster, templates

urlpatterns = [
    path("", include("procedures.urls.editions")),
    path("", citizen.home, name="home"),
    path("procedures/", citizen.procedure_list, name="procedure-list"),
    path("procedures/suggest", citizen.suggest, name="procedure-suggest"),
    path("procedures/<str:code>/", citizen.procedure, name="procedure"),
    path("procedures/<str:code>/poster", poster.poster, name="procedure-poster"),
    path("procedures/<str:code>/form.pdf", templates.procedure_form, name="procedure-form"),
    path("p/<str:code>", citizen.short_link, name="procedure-short"),
    path("guides/", guides.guide_list, name="guide-list"),
    path("guides/<slug:key>/", guides.guide, name="guide"),
    path("places/", citizen.places, name="places"),
    path("manage/queries/", open_queries.open_query_list, name="manage-queries"),
    path("manage/queries/accept/", open_queries.accept, name="manage-queries-accept"),
    path("manage/queries/<int:pk>/", open_queries.open_query, name="manage-query"),
    path("manage/confirmations/", confirmations.confirmation_list, name="manage-confirmations"),
    path("manage/confirmations/<int:pk>/", confirmations.confirmation, name="manage-confirmation"),
    path("manage/catalogue/", manage.catalogue, name="manage-catalogue"),
    path("manage/catalogue/imports/", manage.imports, name="manage-imports"),
    path("manage/catalogue/imports/<int:pk>/", manage.import_report, name="manage-import"),
    path("manage/catalogue/competence/", manage.competence, name="manage-competence"),
    path("manage/", include("procedures.urls.routes")),
    path("manage/", include("procedures.urls.questionnaires")),
    path("manage/catalogue/<str:code>/", manage.procedure, name="manage-procedure"),
    path("manage/catalogue/<str:code>/<int:number>/", manage.edition, name="manage-edition"),
]
