from django.urls import path

from reports.views import (
    api,
    causes,
    form_templates,
    forms,
    head,
    lists,
    open,
    people,
    saved,
    service_index,
    tables,
    today,
)

urlpatterns = [
    path("reports/", head.reports, name="reports"),
    path("reports/today/", today.today, name="reports-today"),
    path("reports/trend.<slug:kind>", head.trend, name="reports-trend"),
    path("reports/list/", lists.reports_list, name="reports-list"),
    path("reports/export/", lists.export, name="reports-export"),
    path("reports/remind/<str:code>/", lists.remind, name="reports-remind"),
    path("reports/table/", tables.table, name="reports-table"),
    path("reports/table.xlsx", tables.table_xlsx, name="reports-table-xlsx"),
    path("reports/saved/", saved.save_view, name="reports-save"),
    path("reports/saved/<uuid:uid>/", saved.saved_view, name="reports-saved"),
    path("reports/saved/<uuid:uid>/delete/", saved.delete_view, name="reports-saved-delete"),
    path("reports/causes/", causes.causes, name="reports-causes"),
    path("reports/people/", people.people, name="reports-people"),
    path("reports/service-index/", service_index.service_index, name="reports-service-index"),
    path("reports/service-index.xlsx", service_index.service_index_xlsx, name="reports-service-index-xlsx"),
    path("reports/forms/", forms.forms, name="reports-forms"),
    path("reports/forms/<slug:key>/", forms.form, name="reports-form"),
    path("reports/forms/<slug:key>.xlsx", forms.form_xlsx, name="reports-form-xlsx"),
    path("reports/forms/<slug:key>.pdf", forms.form_pdf, name="reports-form-pdf"),
    path("manage/report-forms/", form_templates.form_templates, name="manage-report-forms"),
    path("manage/report-forms/<slug:key>/", form_templates.form_template, name="manage-report-form"),
    path(
        "manage/report-forms/<slug:key>/draft.pdf", form_templates.form_template_draft, name="manage-report-form-draft"
    ),
    path(
        "manage/report-forms/<slug:key>/<int:number>.pdf",
        form_templates.form_template_trial,
        name="manage-report-form-trial",
    ),
    path("statistics/", open.open_statistics, name="open-statistics"),
    path("reports/definitions/", tables.definitions, name="reports-definitions"),
    path("api/v1/statistics/", api.Statistics.as_view(), name="api-statistics"),
    path("api/v1/statistics/service-index/", api.ServiceIndexStatistics.as_view(), name="api-statistics-service-index"),
    path("api/v1/statistics/definitions/", api.Definitions.as_view(), name="api-statistics-definitions"),
]
