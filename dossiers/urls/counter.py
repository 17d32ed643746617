from django.urls import path

from dossiers.views.desk import applicants, bodies, declaration, intake, intake_scans, lists, scan_tray

urlpatterns = [
    path("desk/", applicants.desk, name="desk"),
    path("desk/bodies/", bodies.correct, name="desk-body"),
    path("desk/card-address/", applicants.card_address, name="desk-card-address"),
    path("desk/new/<slug:kind>/", applicants.new_owner, name="desk-new-owner"),
    path("desk/intake/<str:code>/", intake.take_in, name="desk-intake"),
    path("desk/intake/<str:code>/scan/<int:paper>/", intake_scans.scan, name="desk-intake-scan"),
    path(
        "desk/intake/<str:code>/scan/<int:paper>/use/<int:document>/", intake_scans.use_again, name="desk-intake-reuse"
    ),
    path("desk/done/<str:code>/", intake.done, name="desk-done"),
    path("desk/done/<str:code>/form/", declaration.fill, name="desk-form"),
    path("desk/inbox/", lists.inbox, name="desk-inbox"),
    path("desk/scans/", scan_tray.stacks, name="desk-scans"),
    path("desk/scans/<int:pk>/place/", scan_tray.place, name="desk-scan-place"),
    path("desk/scans/<uuid:pk>/unread/", scan_tray.unread, name="desk-scan-unread"),
    path("desk/scans/scanners/", scan_tray.scanner, name="desk-scanners"),
    path("desk/returns/", lists.returns, name="desk-returns"),
    path("desk/search/", lists.search, name="desk-search"),
]
