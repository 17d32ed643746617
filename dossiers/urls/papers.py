from django.urls import path

from dossiers.views.manage import paper_templates as wordings
from dossiers.views.office import papers

urlpatterns = [
    path("dossiers/<str:code>/papers/control-slip/", papers.control_slip, name="dossier-control-slip"),
    path("dossiers/<str:code>/papers/cover.pdf", papers.cover, name="dossier-cover"),
    path("dossiers/<str:code>/papers/declaration.pdf", papers.declaration, name="dossier-declaration"),
    path("dossiers/<str:code>/papers/label.pdf", papers.label, name="dossier-label"),
    path("desk/separator.pdf", papers.separator, name="desk-separator"),
    path("registers/", papers.register_list, name="registers"),
    path("registers/<uuid:uid>/", papers.register_page, name="register"),
    path("manage/papers/", wordings.forms_list, name="manage-papers"),
    path("manage/papers/<slug:key>/", wordings.form_page, name="manage-paper"),
    path("manage/papers/<slug:key>/begin/", wordings.begin, name="manage-paper-begin"),
    path("manage/papers/<slug:key>/draft/", wordings.draft, name="manage-paper-draft"),
    path("manage/papers/<slug:key>/<int:version>/", wordings.version, name="manage-paper-version"),
    path("manage/papers/<slug:key>/<int:version>/trial.pdf", wordings.trial, name="manage-paper-trial"),
]
