from dossiers import urls_citizen, urls_counter, urls_custody, urls_officer, urls_papers

urlpatterns = [
    *urls_citizen.urlpatterns,
    *urls_counter.urlpatterns,
    *urls_custody.urlpatterns,
    *urls_officer.urlpatterns,
    *urls_papers.urlpatterns,
]
