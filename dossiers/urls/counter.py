from django.urls import path

from dossiers.views.desk import bodies, counter, declaration, intake_scans, scan_tray

urlpatterns = [
    path("desk/", counter.desk, name="desk"),
    path("desk/bodies/", bodies.correct, name="desk-body"),
    path("desk/card-address/", counter.card_address, name="desk-card-address"),
    path("desk/new/<slug:kind>/", counter.new_owner, name="desk-new-owner"),
    path("desk/intake/<str:code>/", counter.take_in, name="desk-intake"),
    path("desk/intake/<str:code>/scan/<int:paper>/", intake_scans.scan, name="desk-intake-scan"),
    path(
        "desk/intake/<str:code>/scan/<int:paper>/use/<int:document>/", intake_scans.use_again, name="desk-intake-reuse"
    ),
    path("desk/done/<str:code>/", counter.done, name="desk-done"),
    path("desk/done/<str:code>/form/", declaration.fill, name="desk-form"),
    path("desk/inbox/", counter.inbox, name="desk-inbox"),
    path("desk/scans/", scan_tray.stacks, name="desk-scans"),
    path("desk/scans/<int:pk>/place/", scan_tray.place, name="desk-scan-place"),
    path("desk/scans/scanners/", scan_tray.scanner, name="desk-scanners"),
    path("desk/returns/", counter.returns, name="desk-returns"),
    path("desk/search/", counter.search, name="desk-search"),
]
