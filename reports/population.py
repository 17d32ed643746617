"""Whose dossiers figures are about, by what dossiers and the cells of their tallies have in common."""

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from agencies.models import Territory
from dossiers.models import Dossier


@dataclass(frozen=True)
class Population:
    """The dossiers sent of the condition `where`, which is about agencies, edition and channel; all of the province
    without one."""

    where: Q = Q()

    @property
    def dossiers(self) -> QuerySet[Dossier]:
        return Dossier.objects.sent().filter(self.where)

    def narrowed(self, where: Q) -> "Population":
        return Population(self.where & where)


EVERYTHING = Population()


def settled_by(agency: int) -> Population:
    return Population(Q(settling_agency=agency))


def of_level(population: Population, level: str) -> Population:
    """What agencies of the province, or those of the communes, settle; all for an empty level."""
    provinces = Q(settling_agency__territory__kind=Territory.Kind.PROVINCE)
    if not level:
        return population
    return population.narrowed(provinces if level == "province" else ~provinces)
