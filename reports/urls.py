from django.urls import path

from reports.views import head

urlpatterns = [
    path("reports/", head.reports, name="reports"),
    path("reports/list/", head.reports_list, name="reports-list"),
    path("reports/export/", head.export, name="reports-export"),
    path("reports/remind/<str:code>/", head.remind, name="reports-remind"),
]
