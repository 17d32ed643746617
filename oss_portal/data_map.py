"""Where personal data and secrets stand, why, on which ground and for how long.

Data for docs/security/data-map.md (`manage.py list_personal_data`), for the rights of the role that only counts
(`hidden_columns`, granted with every migration) and for tests, which find a field with a telling name that is missing.

Grounds: Law 91/2025/QH15 on personal data and its Decree 356/2025/NĐ-CP (tasks of a State body by law, without
consent); Law 33/2024/QH15 on archives for what is kept. Periods by procedure or field are rows that the province puts
in force (`procedures.models.RetentionPeriod`, docs/retention.md); none comes with the product.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from core.sealed_rotation import sealed_fields

BY_LAW = "task of a State body (Law 91/2025/QH15)"
CONTRACT = "choice of the person"
UNTIL_DESTROYED = "until its dossier is destroyed (retention period of procedure or field)"
LAST_DOSSIER = "as long as the account; without one until the last dossier is destroyed"
LEGAL_HISTORY = "kept"
WITH_ACCOUNT = "as long as the account"


@dataclass(frozen=True)
class Place:
    """`fields` of `model` (app.Model) hold data about people, or with `secret` what lets somebody in."""

    model: str
    fields: tuple[str, ...]
    what: str
    purpose: str
    ground: str = BY_LAW
    period: str = UNTIL_DESTROYED
    secret: bool = False

    @property
    def level(self) -> str:
        """The protection level, a key of `LEVELS`: secrets, what holds personal numbers, other personal data."""
        if self.secret:
            return "secret"
        return "number" if _number_columns() & {f"{self.model}.{name}" for name in self.fields} else "personal"


@dataclass(frozen=True)
class Control:
    """How data of each level are protected in one respect, and the test that shows it."""

    respect: str
    secret: str
    number: str
    personal: str
    shown_by: str


LEVELS = ("secret", "number", "personal")
CONTROLS = (
    Control("encryption at rest", "passwords, codes and tokens hashed, TOTP secrets encrypted; keys of "
            "sessions and webhooks as they are, under the disk's encryption",
            "sealed (AES-256-GCM) and found by a keyed digest; plain only in the columns that the last table names, "
            "each with its reason, under the disk's encryption",
            "the disk's encryption, which whoever runs the portal sets up (docs/security/hardening.md)",
            "tests/security/test_numbers_at_rest.py"),
    Control("encryption on the way", "TLS, the name verified", "TLS, the name verified", "TLS, the name verified",
            "tests/engines/test_encrypted.py"),
    Control("integrity", "the database's rights by role", "bound to column and digest; what is history is sealed",
            "what is history, paper or money is append-only for the web, and sealed",
            "tests/security/test_database_roles.py"),
    Control("retention", "as the map says, pruned", "as the map says, erased with its dossier or account",
            "as the map says, erased with its dossier or account", "tests/dossiers/test_destruction.py"),
    Control("in logs, addresses and the broker", "never", "never", "never", "tests/security/test_logs.py"),
    Control("who reads it", "nobody; compared only", "masked by role on pages and exports, looks recorded",
            "by policy of each record, looks recorded; never the role that counts",
            "tests/security/test_numbers_shown.py"),
    Control("in caches", "never", "`no-store, private`", "`no-store, private`",
            "tests/security/test_private_answers.py"),
)  # fmt: skip

PLACES = (
    Place(
        "accounts.Person",
        (
            "personal_number", "document_number", "claimed_number", "full_name", "birth_date", "sex", "phone", "email",
            "address", "search_key",
        ),
        "citizens: number, name, birth, contacts", "to know who files and to reach them", period=LAST_DOSSIER,
    ),
    Place("accounts.FormerNumber", ("number",), "numbers by which people were known before a correction",
          "history of the record", period="with the person"),
    Place("accounts.Account", ("username", "email", "full_name", "search_key"),
          "sign-in name (a citizen's is their number), name, e-mail", "to let people in", period=WITH_ACCOUNT),
    Place("accounts.Account", ("password", "pin"), "hashes", "to let people in", period=WITH_ACCOUNT, secret=True),
    Place("accounts.Enterprise", ("phone", "email", "address", "search_key"), "contacts of enterprises",
          "to reach whoever represents them", period="as long as it may file"),
    Place("accounts.Authorisation", ("grantor_number", "grantor_name"), "who authorised somebody",
          "to check that one may file for another", period="with the person"),
    Place("accounts.Identity", ("subject",), "the identity provider's name for a person", "to sign in with it",
          CONTRACT, WITH_ACCOUNT),
    Place("accounts.OneTimeCode", ("digest",), "hash of a code sent", "to prove a contact", CONTRACT,
          "PRUNE_CODES_DAYS", secret=True),
    Place("accounts.AccountSession", ("session_key", "address", "device", "provider_sid"), "where one is signed in",
          "to show and end it", period="until signed out; PRUNE_SESSIONS_DAYS", secret=True),
    Place("accounts.StaffPost", ("phone",), "office telephone of staff", "printed for applicants",
          period="as long as the post"),
    Place("accounts.Look", ("by", "about", "reason"), "who looked at whose data, why", "to show the person",
          period="kept"),
    Place("account.EmailAddress", ("email",), "not used by the portal", "required by the sign-in library",
          period=WITH_ACCOUNT),
    Place("account.EmailConfirmation", ("key",), "not used by the portal", "required by the sign-in library",
          period=WITH_ACCOUNT, secret=True),
    Place("socialaccount.SocialAccount", ("uid", "extra_data"), "not used by the portal", "required by the library",
          period=WITH_ACCOUNT),
    Place("socialaccount.SocialToken", ("token", "token_secret"), "not used by the portal", "required by the library",
          period=WITH_ACCOUNT, secret=True),
    Place("socialaccount.SocialApp", ("secret", "key"), "not used by the portal", "required by the library",
          period=WITH_ACCOUNT, secret=True),
    Place("mfa.Authenticator", ("data",), "second factors (TOTP secrets encrypted)", "to sign in", CONTRACT,
          WITH_ACCOUNT, secret=True),
    Place("sessions.Session", ("session_key", "session_data"), "sessions, words looked for by staff", "to work",
          period="PRUNE_SESSIONS_DAYS", secret=True),
    Place(
        "dossiers.Dossier",
        (
            "owner_name", "contact_phone", "contact_email", "contact_address", "answers", "content", "return_address",
            "ground_note",
        ),
        "what was asked for, by whom, and their answers", "to settle the dossier",
    ),
    Place("accounts.RegistryLookup", ("number", "facts", "by"), "what national registers said, to whom and why",
          "data in place of papers"),
    Place("exchange.PostOrder", ("name", "phone", "address", "signed_by", "asked_by"), "whom the post visits",
          "to fetch papers and bring results"),
    Place("exchange.SpecialisedDossier", ("note",), "what ministries' software remarks on a dossier",
          "to tell staff how it stands there"),
    Place("exchange.SpecialisedSystem", ("secret",), "tokens that we show ministries' software", "to speak with it",
          period="as long as it is connected", secret=True),
    Place("exchange.MovingRow", ("data",), "rows of another system's file", "to move its dossiers in",
          period="until its dossier is written or the batch is deleted; PRUNE_MOVING_DAYS"),
    Place("dossiers.OpenPages", ("typed",), "what was typed into a filing and not sent yet", "to go on on any device",
          period="until it is sent, or DISCARDED_DRAFT_DAYS after the draft is deleted"),
    Place("dossiers.DossierMessage", ("author", "text"), "messages", "to ask and answer about a dossier"),
    Place("dossiers.Feedback", ("author", "contact_email", "contact_phone", "text", "answer"),
          "complaints and suggestions", "to answer them",
          period="about a dossier: until it is destroyed; about a desk: kept"),
    Place("dossiers.Rating", ("comment",), "what people think of the service", "to improve it"),
    Place("digitization.RegisteredDocument", ("holder_name", "name", "number", "digitised_by", "words"),
          "whose digitised documents there are", "to use them again in place of an upload", period="kept"),
    Place("dossiers.DossierDocument", ("name", "number"), "names and numbers of papers", "to settle the dossier"),
    Place("dossiers.SupplementRequest", ("items", "reason", "answer"), "what was missing", "to settle the dossier"),
    Place("dossiers.DossierEvent", ("actor", "origin", "reason", "facts"), "who did what, from where", "legal history",
          period="kept, sealed"),
    Place("dossiers.Correction", ("change", "reason", "note"), "what was wrong and is right", "legal history"),
    Place("dossiers.Opinion", ("question", "answer"), "what other bodies were asked", "to settle the dossier"),
    Place("dossiers.CaseOpening", ("reason",), "why a supervisor opened a dossier", "to show the person",
          period="kept"),
    Place("dossiers.TrackingPin", ("pin_hash",), "hash of the PIN of a dossier", "to follow it without signing in",
          CONTRACT, "thirty minutes", secret=True),
    Place("dossiers.FolderMove", ("by",), "who held a folder", "legal history", period=LEGAL_HISTORY),
    Place("dossiers.BulkRun", ("facts", "origin"), "from where staff asked for one act on many", "legal history",
          period=LEGAL_HISTORY),
    Place("papers.Paper", ("facts", "issued_by", "title"), "what was printed on a paper", "to prove the paper",
          period="kept, sealed"),
    Place("payments.Charge", ("payer_name", "title"), "who pays for what", "accounting", period="kept, sealed"),
    Place("payments.ReceiptSignature", ("content",), "receipts as signed data, with who paid", "accounting",
          period="kept"),
    Place("payments.ProviderCall", ("payload",), "calls of the bank", "accounting", period="kept, sealed"),
    Place("payments.RawCall", ("body",), "calls of the bank as they came", "accounting", period="kept, sealed"),
    Place("payments.StrayMoney", ("payer", "purpose"), "money that fits no charge", "to find whose it is",
          period="kept, sealed"),
    Place("payments.Refund", ("payee", "target", "asked_by", "decided_by", "done_by"), "money given back, and to whom",
          "accounting", period="kept, sealed"),
    Place("digitization.StoredFile", ("name", "uploaded_by"), "names of files", "to settle the dossier"),
    Place("digitization.Scan", ("text", "text_folded"), "text recognised in papers", "to find dossiers"),
    Place("digitization.ImportedResult", ("sentence",), "why a row of an old list was refused, naming its file",
          "to put the list right", period="kept"),
    Place("digitization.IncomingUpload", ("name",), "files being sent", "to take them in",
          period="UNFINISHED_INTAKE_HOURS"),
    Place("notices.Notice", ("address", "subject", "body", "fallbacks"), "messages sent to people", "to tell them"),
    Place("journal.Entry", ("actor", "origin", "changes"), "who did what, from where", "legal history",
          period="kept, sealed"),
    Place("exchange.WebhookEndpoint", ("secret", "former_secret"), "keys that sign what systems are told",
          "to be believed", period="until it is replaced", secret=True),
    Place("exchange.ConnectedSystem", ("token_sha256",), "hash of a system's token", "to let it in",
          period="until it is replaced", secret=True),
    Place("exchange.AccessToken", ("token_sha256",), "hash of a system's short-lived token", "to let it in",
          period="API_TOKEN_SECONDS", secret=True),
)  # fmt: skip


@dataclass(frozen=True)
class NumberPlace:
    """A column in which the number of a person may stand otherwise than sealed (core.sealed_field names those)."""

    model: str
    field: str
    how: str
    why: str


_WORD, _PLAIN = "keyed word", "plain"
NUMBERS = (
    NumberPlace("accounts.Person", "search_key", _WORD, "found by the whole number"),
    NumberPlace("accounts.Account", "search_key", _WORD, "found by the whole number"),
    NumberPlace("dossiers.Dossier", "search_vector", f"{_WORD}; {_PLAIN} where a scan or the content says it",
                "found by the owner's number, and by what scans say"),
    NumberPlace("dossiers.Dossier", "answers", _PLAIN, "the declaration as it was signed"),
    NumberPlace("dossiers.OpenPages", "typed", _PLAIN, "what is being typed, until it is sent"),
    NumberPlace("dossiers.Dossier", "content", _PLAIN, "free text"),
    NumberPlace("dossiers.DossierEvent", "facts", _PLAIN, "corrections of declarations; sealed history"),
    NumberPlace("dossiers.Correction", "change", _PLAIN, "corrections of declarations; legal history"),
    NumberPlace("dossiers.DossierMessage", "text", _PLAIN, "free text"),
    NumberPlace("dossiers.SupplementRequest", "answer", _PLAIN, "what was supplemented"),
    NumberPlace("accounts.RegistryLookup", "facts", _PLAIN, "what a national register said, by its own words"),
    NumberPlace("exchange.MovingRow", "data", _PLAIN, "rows of another system, as they came"),
    NumberPlace("papers.Paper", "facts", _PLAIN, "what was printed, under a seal"),
    NumberPlace("digitization.Scan", "text", _PLAIN, "what scanned papers say"),
    NumberPlace("digitization.Scan", "text_folded", _PLAIN, "what scanned papers say"),
    NumberPlace("sessions.Session", "session_data", _PLAIN,
                "an electronic identity that waits to be joined, words looked for"),
    NumberPlace("journal.Entry", "changes", "last three signs",
                "plain in corrections from before numbers were sealed"),
)  # fmt: skip


def _number_columns() -> set[str]:
    """app.Model.field of each column in which a personal number stands, sealed or plain."""
    sealed = {f"{field.model._meta.label}.{field.name}" for field in sealed_fields()}
    return sealed | {f"{number.model}.{number.field}" for number in NUMBERS}


def hidden_columns() -> Mapping[str, frozenset[str]]:
    """Columns by table that figures never need: what tells who somebody is, and what lets somebody in."""
    return {table: frozenset(columns) for table, columns in _columns()}


def _columns() -> Iterator[tuple[str, set[str]]]:
    from django.apps import apps

    found: dict[str, set[str]] = {}
    for place in PLACES:
        model = apps.get_model(place.model)
        columns = {str(model._meta.get_field(name).column) for name in place.fields}
        found.setdefault(model._meta.db_table, set()).update(columns)
    yield from found.items()
