from dossiers.urls import citizen, counter, custody, officer, papers

urlpatterns = [
    *citizen.urlpatterns,
    *counter.urlpatterns,
    *custody.urlpatterns,
    *officer.urlpatterns,
    *papers.urlpatterns,
]
