"""The tables of the catalogue, one module a subject; imported from here by name."""

from procedures.models.catalogue import Channel, FactState, Field, ImportRun, LifeEvent, Procedure
from procedures.models.competence import Competence, CompetenceChange
from procedures.models.confirmations import Confirmation, ConfirmationItem
from procedures.models.editions import LIFE, UNDER_WAY, Edition, EditionAct, Offer, RequiredDocument, Term
from procedures.models.evaluation import ClarityVote, Improvement
from procedures.models.fees import FREE, FeeLine
from procedures.models.open_queries import OpenQuery
from procedures.models.questionnaires import Questionnaire
from procedures.models.replacements import Replacement
from procedures.models.retention import RetentionPeriod
from procedures.models.routes import Route, RouteImport
from procedures.models.search import SearchWord

__all__ = [
    "Channel",
    "ClarityVote",
    "Competence",
    "CompetenceChange",
    "Confirmation",
    "ConfirmationItem",
    "OpenQuery",
    "Edition",
    "EditionAct",
    "FactState",
    "FREE",
    "FeeLine",
    "Field",
    "ImportRun",
    "Improvement",
    "LIFE",
    "LifeEvent",
    "Offer",
    "Procedure",
    "Questionnaire",
    "Replacement",
    "RequiredDocument",
    "RetentionPeriod",
    "Route",
    "RouteImport",
    "SearchWord",
    "Term",
    "UNDER_WAY",
]
