"""Who acts: accounts, people, enterprises and staff posts."""

from accounts.models.accounts import Account, AccountManager
from accounts.models.authorisations import Authorisation
from accounts.models.identity import Identity, Level, OneTimeCode
from accounts.models.looks import Look
from accounts.models.people import Enterprise, FormerNumber, Person, Representation
from accounts.models.posts import StaffPost
from accounts.models.recovery import FactorRecovery
from accounts.models.registries import Registry, RegistryLookup
from accounts.models.sessions import AccountSession

__all__ = [
    "Account",
    "AccountManager",
    "AccountSession",
    "Authorisation",
    "Enterprise",
    "FactorRecovery",
    "FormerNumber",
    "Identity",
    "Level",
    "Look",
    "OneTimeCode",
    "Person",
    "Registry",
    "RegistryLookup",
    "Representation",
    "StaffPost",
]
