"""Addresses of internal routes, under /manage/."""

from django.urls import path

from procedures.views import route_imports, routes

urlpatterns = [
    path("routes/", routes.waiting, name="manage-routes"),
    path("routes/imports/", route_imports.imports, name="manage-route-imports"),
    path("routes/imports/<int:pk>/", route_imports.report, name="manage-route-import"),
    path("procedures/<str:code>/routes/", routes.procedure_routes, name="manage-routes-of"),
    path("procedures/<str:code>/routes/new/", routes.start, name="manage-route-start"),
    path("procedures/<str:code>/routes/<int:pk>/", routes.route, name="manage-route"),
    path("procedures/<str:code>/routes/<int:pk>/edit/", routes.edit, name="manage-route-edit"),
    path("procedures/<str:code>/routes/<int:pk>/rehearsal/", routes.rehearse, name="manage-route-rehearsal"),
    path("procedures/<str:code>/routes/<int:pk>/print/", routes.sheet, name="manage-route-sheet"),
]
