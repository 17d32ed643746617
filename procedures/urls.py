from django.urls import path

from procedures.views import citizen

urlpatterns = [
    path("", citizen.home, name="home"),
    path("procedures/", citizen.procedure_list, name="procedure-list"),
    path("procedures/suggest", citizen.suggest, name="procedure-suggest"),
    path("procedures/<str:code>/", citizen.procedure, name="procedure"),
    path("p/<str:code>", citizen.short_link, name="procedure-short"),
    path("places/", citizen.places, name="places"),
]
