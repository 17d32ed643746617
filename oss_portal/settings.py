"""Settings come from the environment only; the run command supplies DATABASE_URL and REDIS_URL."""

import json
from pathlib import Path
from urllib.parse import urlsplit

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _
from whitenoise.compress import Compressor

from oss_portal import timetable

BASE_DIR = Path(__file__).resolve().parent.parent
# NAME_FILE names a file that holds NAME: secrets of Docker and of a vault's agent come that way.
env = environ.FileAwareEnv()

DATA_DIR = Path(env("DATA_DIR", default=str(BASE_DIR / ".data")))
PRODUCTION = env.bool("PRODUCTION", default=False)
DEBUG = False


def demonstration(value: str) -> str:
    """A value that only `make run` and the tests may fall back on; `check --deploy` names what is empty for it."""
    return "" if PRODUCTION else value


SECRET_KEY = env("SECRET_KEY", default="") or demonstration("demonstration-only-not-a-secret-" + "0" * 32)
# What people's numbers are sealed with in the database: the first of the ring seals, all unseal (core.sealed_numbers).
NUMBER_KEYS = env.list("NUMBER_KEYS", default=[]) or [demonstration("demonstration-only-number-key-" + "0" * 32)]
NUMBER_KEYS = [key for key in NUMBER_KEYS if key]
NUMBER_INDEX_KEY = env("NUMBER_INDEX_KEY", default="") or demonstration("demonstration-only-index-key-" + "0" * 32)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[] if PRODUCTION else ["127.0.0.1", "localhost", "testserver"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
# The address printed on slips and QR codes.
PUBLIC_URL = env("PUBLIC_URL", default=demonstration(f"http://127.0.0.1:{env('PORT', default='8000')}")).rstrip("/")

APPS = [
    "agencies",
    "journal",
    "papers",
    "accounts",
    "procedures",
    "notices",
    "payments",
    "digitization",
    "dossiers",
    "reports",
    "exchange",
]
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.forms",
    "django_htmx",
    "django_structlog",
    "pgtrigger",
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "allauth.mfa",
    "accounts.openid",
    "csp",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "oss_portal",
    *APPS,
    "demo",
]
MIDDLEWARE = [
    "oss_portal.proxies.TrustedProxyMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "oss_portal.middleware.MethodsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "oss_portal.middleware.PrivateMiddleware",
    "oss_portal.middleware.CompressionMiddleware",
    "csp.middleware.CSPMiddleware",
    "core.plain_requests.PlainCookiesMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "oss_portal.middleware.LanguageMiddleware",
    "oss_portal.middleware.EncryptedApiMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "core.plain_requests.PlainRequestMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "oss_portal.logs.RequestMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.middleware.ActorMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "oss_portal.middleware.RefusalMiddleware",
]
ROOT_URLCONF = "oss_portal.urls"
WSGI_APPLICATION = "oss_portal.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "oss_portal.context.portal",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "oss_portal.templatetags.portal",
                "oss_portal.templatetags.rows",
            ],
        },
    }
]
FORM_RENDERER = "oss_portal.form_rendering.GovukRenderer"

DATABASE_URL = env("DATABASE_URL", default="postgres://localhost/oss_portal")
# The role that migrates, where it is not the one above (deploy/roles.sql); web and workers need not know it.
DATABASE_OWNER_URL = env("DATABASE_OWNER_URL", default="")
DATABASES = {
    "default": {
        **env.db_url_config(DATABASE_URL),
        "CONN_MAX_AGE": env.int("CONN_MAX_AGE", default=60),
        "CONN_HEALTH_CHECKS": True,
        # A pooler that lends a connection for one transaction (PgBouncer) keeps no cursor beyond it.
        "DISABLE_SERVER_SIDE_CURSORS": env.bool("DATABASE_POOLED", default=False),
    }
}
if test_database := env("OSS_TEST_DB", default=""):
    DATABASES["default"]["TEST"] = {"NAME": test_database}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env("REDIS_URL", default="redis://127.0.0.1:6379/0")
CACHES = {"default": {"BACKEND": "core.cache.ValkeyCache", "LOCATION": REDIS_URL}}
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = env.int("SESSION_SECONDS", default=8 * 3600)
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

AUTH_USER_MODEL = "accounts.Account"
AUTHENTICATION_BACKENDS = ["accounts.backends.AccountBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
# The list of passwords known from breaches, made by `manage.py build_breached_passwords`.
BREACHED_PASSWORDS = env("BREACHED_PASSWORDS", default=str(DATA_DIR / "breached-passwords.bin"))
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "accounts.breached.EasyPasswordValidator"},
    {"NAME": "accounts.breached.BreachedPasswordValidator"},
]
LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "after-sign-in"
LOGOUT_REDIRECT_URL = "home"
# How often something may be done: (times, within seconds); accounts.throttling. Sign-ins count when they fail.
LIMITS = {
    "sign-in-device": (10, 900),  # a browser and an account that know each other
    "sign-in-name": (env.int("SIGN_IN_FAILURES", default=5), 900),  # all unknown browsers together
    "sign-in-name-day": (50, 86_400),
    "sign-in-line": (20, 900),
    "sign-in-range": (60, 900),
    "sign-in-everywhere": (env.int("SIGN_IN_FAILURES_EVERYWHERE", default=600), 600),
    "sign-up-number": (5, 3600),
    "sign-up-device": (10, 86_400),
    "sign-up-line": (10, 3600),
    "sign-up-range": (40, 3600),
    "sign-up-everywhere": (500, 3600),
    "code-device": (10, 3600),  # codes for a new password or to prove an account
    "code-line": (10, 3600),
    "code-range": (40, 3600),
    "track-line": (60, 600),  # codes of dossiers looked up without signing in
    "track-range": (300, 600),
    "pin-of-dossier": (3, 3600),  # PINs of one dossier asked for from one range
    "pins-of-line": (10, 3600),
    "api-system": (env.int("API_CALLS_OF_A_SYSTEM", default=6000), 60),
    "api-public": (env.int("API_CALLS_OF_AN_ADDRESS", default=120), 60),
    "vote": (1, 86_400),  # readers' votes on one page, from one address
    "votes": (env.int("VOTES_A_DAY", default=30), 86_400),
    "refused-callback": (120, 60),  # refused calls of payment providers kept: anybody can send them
}
# Our own offices, where many people share one address: their ranges have ten times the limit.
OFFICE_NETWORKS = env.list("OFFICE_NETWORKS", default=[])
# Providers of electronic identities (accounts.openid.configuration says what a row holds), as JSON.
IDENTITY_SIMULATOR_URL = env("IDENTITY_SIMULATOR_URL", default="")
OPENID_PROVIDERS = env.json("OPENID_PROVIDERS", default=[]) or [
    {
        "id": way,
        "name": f"{name} (giả lập)",
        "name_en": f"{name} (simulated)",
        "for": audience,
        "server_url": IDENTITY_SIMULATOR_URL,
        "client_id": f"oss-{audience}",
        "client_secret": "demonstration-openid-secret",
        "scope": ["openid", "profile"],
    }
    for way, name, audience in (("vneid", "VNeID", "citizens"), ("staff", "SSO", "staff"))
    if IDENTITY_SIMULATOR_URL and not PRODUCTION
]
SOCIALACCOUNT_ADAPTER = "accounts.openid.adapter.PortalSocialAccountAdapter"
SOCIALACCOUNT_LOGIN_ON_GET = False
# Which posts sign in with a second factor; further accounts by name. The demonstration has one such account.
SECOND_FACTOR_ROLES = env.list(
    "SECOND_FACTOR_ROLES",
    default=["counter", "officer", "unit_head", "leader", "clerk", "supervisor", "controller", "administrator"]
    if PRODUCTION
    else [],
)
SECOND_FACTOR_ACCOUNTS = env.list("SECOND_FACTOR_ACCOUNTS", default=[] if PRODUCTION else ["quantri.haiyeuto"])
ACCOUNT_ADAPTER = "accounts.second_factor.PortalAccountAdapter"
# Wrong codes and passkeys of an account whose password was right. Not by address, as django-allauth would besides: ten
# slips of one person in a minute would keep a whole office behind one address from its second factor.
ACCOUNT_RATE_LIMITS = {"login_failed": "5/300s/key"}
MFA_ADAPTER = "accounts.second_factor.PortalMFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_TOLERANCE = 1
# Sessions of staff: after how many minutes without a sign of life they lock (0: never), and their longest, used or not.
DESK_LOCK_MINUTES = env.int("DESK_LOCK_MINUTES", default=10)
STAFF_LOCK_MINUTES = env.int("STAFF_LOCK_MINUTES", default=30)
DESK_SESSION_HOURS = env.int("DESK_SESSION_HOURS", default=5)
STAFF_SESSION_HOURS = env.int("STAFF_SESSION_HOURS", default=10)
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])

LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", _("Tiếng Việt")), ("en", _("Tiếng Anh"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Ho_Chi_Minh"
USE_THOUSAND_SEPARATOR = True
FORMAT_MODULE_PATH = ["oss_portal.formats"]

STATIC_URL = "static/"
STATIC_ROOT = Path(env("STATIC_ROOT", default=str(DATA_DIR / "static")))
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_KEEP_ONLY_HASHED_FILES = True  # no page names a file otherwise
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = (*Compressor.SKIP_COMPRESS_EXTENSIONS, "map", "txt")
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": str(DATA_DIR / "media"), "base_url": None},
    },
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
S3_ENDPOINT = env("S3_ENDPOINT", default="")
if bucket := env("S3_BUCKET", default=""):
    STORAGES["default"] = {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": bucket,
            "endpoint_url": S3_ENDPOINT or None,
            "access_key": env("S3_ACCESS_KEY", default=None),
            "secret_key": env("S3_SECRET_KEY", default=None),
            "file_overwrite": False,
            "querystring_auth": True,
        },
    }
# One limit for a file, said everywhere with one sentence (digitization.uploads).
UPLOAD_LIMIT_BYTES = env.int("UPLOAD_LIMIT_MB", default=100) * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
FILE_UPLOAD_HANDLERS = [
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "digitization.upload_handler.LimitedUploadHandler",
]
(DATA_DIR / "tmp").mkdir(parents=True, exist_ok=True)
FILE_UPLOAD_TEMP_DIR = str(DATA_DIR / "tmp")
# The malware scanner (clamd): tcp://host:3310 or unix:///path. Without one files are opened unchecked; administrators
# are warned of it.
CLAMD_URL = env("CLAMD_URL", default="")
# Where network scanners save stacks, a folder below it for each scanner (digitization.watched_folders); none: not
# watched. What was taken stays there so many days (0: for ever).
SCAN_FOLDER = env("SCAN_FOLDER", default="")
SCAN_FOLDER_KEEP_DAYS = env.int("SCAN_FOLDER_KEEP_DAYS", default=7)
# Pages of one file that are read side by side, and the longest file that is read.
SCAN_JOBS = env.int("SCAN_JOBS", default=2)
SCAN_MOST_PAGES = env.int("SCAN_MOST_PAGES", default=500)
# The form that orders the pages of a scan has four fields a page; Django refuses forms of more than a thousand.
DATA_UPLOAD_MAX_NUMBER_FIELDS = max(1000, 4 * SCAN_MOST_PAGES + 100)

# What ends, and how many days after its work was over (0: never): messages of the outbox that were delivered, keys of
# API requests, sessions, one-time codes. Files sent to the API or for an answer that nobody used, in days; those of an
# intake or message that was never finished, in hours.
PRUNE_OUTBOX_DAYS = env.int("PRUNE_OUTBOX_DAYS", default=30)
PRUNE_KEYS_DAYS = env.int("PRUNE_KEYS_DAYS", default=30)
PRUNE_SESSIONS_DAYS = env.int("PRUNE_SESSIONS_DAYS", default=1)
INITIAL_PASSWORD_DAYS = env.int("INITIAL_PASSWORD_DAYS", default=14)  # one given by staff opens nothing after that
SESSIONS_AT_MOST = env.int("SESSIONS_AT_MOST", default=20)  # of one account; the one unused for longest ends
PRUNE_CODES_DAYS = env.int("PRUNE_CODES_DAYS", default=1)
DISCARDED_DRAFT_DAYS = env.int("DISCARDED_DRAFT_DAYS", default=30)  # a deleted draft can be taken back so long
PRUNE_CALLS_DAYS = env.int("PRUNE_CALLS_DAYS", default=30)
PRUNE_WEBHOOKS_DAYS = env.int("PRUNE_WEBHOOKS_DAYS", default=90)
PRUNE_MOVING_DAYS = env.int("PRUNE_MOVING_DAYS", default=365)
UNUSED_FILES_DAYS = env.int("UNUSED_FILES_DAYS", default=7)
UNFINISHED_INTAKE_HOURS = env.int("UNFINISHED_INTAKE_HOURS", default=24)

CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_IGNORE_RESULT = True
# A task is acknowledged when it ends: a killed worker's task is done again, and tasks are idempotent.
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": env.int("TASK_VISIBILITY_SECONDS", default=1800),
    "socket_connect_timeout": 2,
}
# Workers and timetable wait for a broker that is away, however long it takes.
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_TIMEZONE = TIME_ZONE
CELERY_TASK_ROUTES = timetable.QUEUES
CELERY_BEAT_SCHEDULE = timetable.TIMETABLE

EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST = env("EMAIL_HOST", default="")
EMAIL_PORT = env.int("EMAIL_PORT", default=25)
EMAIL_HOST_USER = env("EMAIL_HOST_USER", default="")
EMAIL_HOST_PASSWORD = env("EMAIL_HOST_PASSWORD", default="")
EMAIL_USE_TLS = env.bool("EMAIL_USE_TLS", default=False)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", default=demonstration("mot-cua@bacninh.example"))

# SMS and Zalo messages go through a gateway that speaks the eSMS protocol (notices.providers.esms).
SMS_GATEWAY_URL = env("SMS_GATEWAY_URL", default="")
SMS_API_KEY = env("SMS_API_KEY", default=demonstration("demonstration-sms-key"))
SMS_SECRET_KEY = env("SMS_SECRET_KEY", default=demonstration("demonstration-sms-secret"))
SMS_BRANDNAME = env("SMS_BRANDNAME", default=demonstration("MOTCUA-BN"))
# With accents a message holds 70 characters instead of 160, and costs accordingly.
SMS_ACCENTS = env.bool("SMS_ACCENTS", default=False)
ZALO_OA_ID = env("ZALO_OA_ID", default=demonstration("demonstration-oa"))
ZALO_TEMPLATE_ID = env("ZALO_TEMPLATE_ID", default=demonstration("demonstration-template"))
# Local hours in which only urgent messages leave the portal; empty for none.
QUIET_HOURS = env("QUIET_HOURS", default="21:00-07:00")
# When the staff's one e-mail of due soon and overdue goes out.
DIGEST_AT = env("DIGEST_AT", default="07:30")

# VNPAY (payments.providers.vnpay): the page payers are led to, the address of queries and refunds, the merchant.
VNPAY_URL = env("VNPAY_URL", default="")
VNPAY_API_URL = env("VNPAY_API_URL", default="")
VNPAY_TMN_CODE = env("VNPAY_TMN_CODE", default=demonstration("DEMOBN01"))
VNPAY_HASH_SECRET = env("VNPAY_HASH_SECRET", default=demonstration("demonstration-vnpay-secret"))

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "frame-ancestors": [SELF],
        "base-uri": [SELF],
        # A form leads to a provider's own page by a redirect, which browsers judge too.
        "form-action": [
            SELF,
            *sorted({"://".join(urlsplit(p["server_url"])[:2]) for p in OPENID_PROVIDERS}),
            *(["://".join(urlsplit(VNPAY_URL)[:2])] if VNPAY_URL else []),
        ],
    }
}
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = env.bool("SECURE_COOKIES", default=PRODUCTION)
# Browsers keep a cookie of this prefix to this very host, and to https (RFC 6265bis).
COOKIE_PREFIX = "__Host-" if SESSION_COOKIE_SECURE else ""
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = f"{COOKIE_PREFIX}sessionid", f"{COOKIE_PREFIX}csrftoken"
LANGUAGE_COOKIE_NAME = f"{COOKIE_PREFIX}django_language"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "oss_portal.views.csrf_failure"
SECURE_SSL_REDIRECT = env.bool("SSL_REDIRECT", default=PRODUCTION)
SECURE_REDIRECT_EXEMPT = [r"^health/", r"^api/"]  # programs are told, not led on (EncryptedApiMiddleware)
SECURE_HSTS_SECONDS = 31_536_000 if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = PRODUCTION
SECURE_REFERRER_POLICY = "same-origin"
# Networks (or "unix") whose X-Forwarded headers are believed; everybody else's are dropped (oss_portal.proxies).
TRUSTED_PROXIES = env.list("TRUSTED_PROXIES", default=[])
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None
X_FRAME_OPTIONS = "SAMEORIGIN"

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "exchange.authentication.SystemTokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["exchange.authentication.IsKnown"],
    "DEFAULT_SCHEMA_CLASS": "exchange.schema.ProblemSchema",
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["exchange.parsing.PlainJSONParser"],
    "DEFAULT_THROTTLE_CLASSES": [
        "exchange.throttling.SystemRateThrottle",
        "exchange.throttling.PublicRateThrottle",
    ],
    "EXCEPTION_HANDLER": "exchange.errors.problem_handler",
    "DEFAULT_VERSIONING_CLASS": None,
}
API_TOKEN_SECONDS = env.int("API_TOKEN_SECONDS", default=3600)  # how long an OAuth 2 access token holds
SPECTACULAR_SETTINGS = {
    "TITLE": "OSS Portal API",
    "VERSION": "1.1.0",
    "DESCRIPTION": (BASE_DIR / "exchange" / "guide.md").read_text(encoding="utf-8"),
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "exchange.examples.add_examples",
        "exchange.webhooks.description.add_webhooks",
    ],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "SWAGGER_UI_SETTINGS": {"deepLinking": True, "persistAuthorization": False, "validatorUrl": None},
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
}

# The province served here. Agency codes of departments are not confirmed and so are data of this setting's file.
PROVINCE = env("PROVINCE", default="bacninh")
# Whom people ring or write to; shown at the foot of every page where it is set.
HOTLINE = env("HOTLINE", default=demonstration("1900 0000"))
CONTACT_EMAIL = env("CONTACT_EMAIL", default=demonstration("ho-tro@bacninh.example"))
# How surely an account must be identified (accounts.models.Level) to file online, and to file for somebody else.
FILING_LEVEL = env.int("FILING_LEVEL", default=0)
FILING_FOR_OTHERS_LEVEL = env.int("FILING_FOR_OTHERS_LEVEL", default=1)
# The longest time for which an authorisation for more than one dossier is recorded.
AUTHORISATION_DAYS = env.int("AUTHORISATION_DAYS", default=366)
# Where citizens file online: `here`, or `national` (rules of July 2025; the dossier then arrives by the connector).
ONLINE_FILING = env("ONLINE_FILING", default="here")
if ONLINE_FILING not in ("here", "national"):
    raise ImproperlyConfigured("ONLINE_FILING is here or national.")
# The National Public Service Portal (exchange.connectors.national): told of every dossier when all three are set.
NATIONAL_URL = env("NATIONAL_URL", default="")
NATIONAL_USERNAME = env("NATIONAL_USERNAME", default=demonstration("demonstration"))
NATIONAL_PASSWORD = env("NATIONAL_PASSWORD", default=demonstration("demonstration-national"))
NATIONAL_DESTINATION = env(
    "NATIONAL_DESTINATION", default=""
)  # `dstcode` at sign-in, where an integration axis asks for it
NATIONAL_AGENCY = env("NATIONAL_AGENCY", default=demonstration("H05"))  # `madonvi`
NATIONAL_FILE_HOSTS = env.list("NATIONAL_FILE_HOSTS", default=[])  # host[:port] of its files beside NATIONAL_URL's
NATIONAL_MAPPING = env("NATIONAL_MAPPING", default="")  # a file in place of exchange/connectors/national/mapping.yaml
# The public post (exchange.connectors.post), asked when both are set.
POST_URL = env("POST_URL", default="")
POST_KEY = env("POST_KEY", default=demonstration("demonstration-post"))
POST_MAPPING = env("POST_MAPPING", default="")  # a file in place of exchange/connectors/post/mapping.yaml
# National registers asked by number (accounts.registries), each at its own address or all at REGISTRIES_URL.
REGISTRIES_URL = env("REGISTRIES_URL", default="")
POPULATION_URL = env("POPULATION_URL", default=REGISTRIES_URL)
ENTERPRISE_URL = env("ENTERPRISE_URL", default=REGISTRIES_URL)
LAND_URL = env("LAND_URL", default=REGISTRIES_URL)
POPULATION_KEY = env("POPULATION_KEY", default=demonstration("demonstration-registries"))
ENTERPRISE_KEY = env("ENTERPRISE_KEY", default=demonstration("demonstration-registries"))
LAND_KEY = env("LAND_KEY", default=demonstration("demonstration-registries"))
SERVICE_INDEX = env("SERVICE_INDEX", default="")  # a file in place of reports/service_index/formulas.yaml
REGISTRIES_MAPPING = env("REGISTRIES_MAPPING", default="")  # a file in place of accounts/registries/mapping.yaml
# Administrators of the agencies with these keys administer the whole province; others their own agency and its units.
PROVINCE_ADMINISTRATORS = env.list("PROVINCE_ADMINISTRATORS", default=["office", "provincial_pc"])
# For how many days a supervisor who gave a reason sees the personal data of a dossier.
CASE_OPEN_DAYS = env.int("CASE_OPEN_DAYS", default=7)
# Who approves a catalogue edition: leaders of the agencies with these keys (provinces delegate it differently).
CATALOGUE_APPROVERS = env.list("CATALOGUE_APPROVERS", default=["office", "provincial_pc"])
# Working days from a publishing decision until it is publicised, and until the electronic route is ready (some bodies
# rule so; not confirmed for every province).
PUBLICATION_WORKING_DAYS = env.int("PUBLICATION_WORKING_DAYS", default=5)
ROUTE_WORKING_DAYS = env.int("ROUTE_WORKING_DAYS", default=3)
# What stands out on the page of use and evaluation: from how many dossiers or votes on, "often" and "always" as shares.
EVALUATION_FEWEST = env.int("EVALUATION_FEWEST", default=10)
EVALUATION_OFTEN = env.float("EVALUATION_OFTEN", default=0.3)
EVALUATION_ALWAYS = env.float("EVALUATION_ALWAYS", default=0.9)
NATIONAL_PORTAL_URL = env("NATIONAL_PORTAL_URL", default="https://dichvucong.gov.vn")
# Which day a limit in working days leaves out when a dossier is received on a day off or after closing: the day of
# receipt itself ("receipt"), so that the next working day counts, or that next working day ("working_day").
FIRST_DAY_LEFT_OUT = env("FIRST_DAY_LEFT_OUT", default="receipt")
if FIRST_DAY_LEFT_OUT not in ("receipt", "working_day"):
    raise ImproperlyConfigured("FIRST_DAY_LEFT_OUT is receipt or working_day.")
FIRST_DAY_GROUND = env("FIRST_DAY_GROUND", default="Bộ luật Dân sự 2015, khoản 2 Điều 147")
# Working hours for answering an online filing (law: at latest 8 working hours, to be confirmed).
ONLINE_ANSWER_HOURS = env.int("ONLINE_ANSWER_HOURS", default=8)
# Waiting for people, in calendar days; 0 switches the automatic end off. No confirmed law fixes these.
SUPPLEMENT_REMIND_DAYS = env.int("SUPPLEMENT_REMIND_DAYS", default=15)
SUPPLEMENT_WAIT_DAYS = env.int("SUPPLEMENT_WAIT_DAYS", default=60)
RESULT_REMIND_DAYS = env.int("RESULT_REMIND_DAYS", default=15)
RESULT_STORE_DAYS = env.int("RESULT_STORE_DAYS", default=90)
# The apology leaves this many working days before the due date; how often more time may be asked for.
APOLOGY_DAYS_BEFORE = env.int("APOLOGY_DAYS_BEFORE", default=1)
EXTENSIONS_AT_MOST = env.int("EXTENSIONS_AT_MOST", default=1)
# Working days within which staff answer an applicant's message.
MESSAGE_ANSWER_DAYS = env.int("MESSAGE_ANSWER_DAYS", default=2)
# The share of fees paid without cash that the province has set itself, in percent; shown on the head's page.
NONCASH_TARGET = env.int("NONCASH_TARGET", default=80)
# The share of results to be digitised, in percent, that bodies of the province and communes have set themselves.
RESULTS_DIGITISED_TARGETS = {
    "province": env.int("RESULTS_DIGITISED_TARGET_PROVINCE", default=50),
    "commune": env.int("RESULTS_DIGITISED_TARGET_COMMUNE", default=35),
}
# A dossier is "due soon" when at most this many working minutes are left.
DUE_SOON_MINUTES = env.int("DUE_SOON_MINUTES", default=2 * 480)
# What is overdue by so many working days is told to whoever supervises.
ESCALATE_AFTER_DAYS = env.int("ESCALATE_AFTER_DAYS", default=3)
# Counts below this one are not said in the open statistics.
STATISTICS_SMALLEST = env.int("STATISTICS_SMALLEST", default=5)
# The day of its last month on which a reporting quarter or year ends (Decree 09/2019/NĐ-CP: 14); 0 for whole months.
REPORT_CUTOFF_DAY = env.int("REPORT_CUTOFF_DAY", default=14)
# What a report calls unusual: from how many cases on, a step so many times slower than before, a procedure of which
# this part is supplemented, a person with so many times what the colleagues hold.
UNUSUAL_LEAST_COUNT = env.int("UNUSUAL_LEAST_COUNT", default=20)
UNUSUAL_SLOWER = env.float("UNUSUAL_SLOWER", default=1.5)
UNUSUAL_SUPPLEMENTED = env.float("UNUSUAL_SUPPLEMENTED", default=0.3)
UNUSUAL_PILE = env.float("UNUSUAL_PILE", default=3.0)
# A GeoJSON file with the outlines of communes (property "code"); without it the map shows their middles.
COMMUNE_POLYGONS = env("COMMUNE_POLYGONS", default="")

# The key that signs each day's root of the history (journal.signing). Keep a copy; only workers need to read it.
HISTORY_KEY_FILE = env("HISTORY_KEY_FILE", default=str(DATA_DIR / "keys" / "history.key"))

# Electronic signatures (papers.signing). Keys: PKCS#12 files in a folder, all with one passphrase, or a PKCS#11
# module (an HSM's or token's) that finds them by their labels.
SIGNING_KEYS = env("SIGNING_KEYS", default=str(DATA_DIR / "keys" / "signing"))
SIGNING_PASSPHRASE = env("SIGNING_PASSPHRASE", default=demonstration("demonstration-signing-passphrase"))
SIGNING_PKCS11_MODULE = env("SIGNING_PKCS11_MODULE", default="")
SIGNING_PKCS11_TOKEN = env("SIGNING_PKCS11_TOKEN", default="")
SIGNING_PKCS11_PIN = env("SIGNING_PKCS11_PIN", default="")
# Certificates that are trusted, as files in a folder; the time-stamping authority; responders that may be asked whether
# a certificate was revoked. Long-term signatures need the authority.
SIGNATURE_TRUST_ROOTS = env("SIGNATURE_TRUST_ROOTS", default=str(DATA_DIR / "keys" / "roots"))
TSA_URL = env("TSA_URL", default="")
# As the certificates name them, with `=>` and the address that really answers where it is another.
OCSP_URLS = {
    named.strip(): (real or named).strip()
    for named, _arrow, real in (entry.partition("=>") for entry in env.list("OCSP_URLS", default=[]))
}
SIGNING_LONG_TERM = env.bool("SIGNING_LONG_TERM", default=False)

# Where the money of fees goes. In production nothing stands here until it is configured: a QR code with somebody
# else's account would send people's money there. Without all of it fees are paid at the counter.
BANK_URL = env("BANK_URL", default="")
BANK_SECRET = env("BANK_SECRET", default=demonstration("demonstration-bank-secret"))
# Secrets of the agencies' own accounts by the account's key, as JSON (payments.accounts).
PAYMENT_SECRETS = json.loads(env("PAYMENT_SECRETS", default="") or "{}")
# Links that open a bank's app on the payer's phone, patterns by the app's name as JSON
# (payments.providers.vietqr.app_links says what a pattern may name). The portal itself never connects there.
BANK_APP_LINKS = json.loads(env("BANK_APP_LINKS", default="") or "{}")
BANK_ACCOUNT = {
    "bin": env("BANK_BIN", default=demonstration("970436")),
    "number": env("BANK_ACCOUNT_NUMBER", default=demonstration("0011002233445")),
    "holder": env("BANK_ACCOUNT_HOLDER", default=demonstration("TT PVHCC TINH BAC NINH")),
}

# Where a reader's map shows a place; the portal itself never connects there. Empty: no link.
MAP_LINK = env("MAP_LINK", default="https://www.openstreetmap.org/search?query={place}")

# The one list of what this installation may connect to (oss_portal.outgoing): the addresses in these settings, the
# mail server, and what is named besides as host:port (".example.vn:443" for all names below it).
OUTGOING_URL_SETTINGS = [
    "DATABASE_URL",
    "REDIS_URL",
    "S3_ENDPOINT",
    "SMS_GATEWAY_URL",
    "BANK_URL",
    "VNPAY_API_URL",
    "NATIONAL_URL",
    "POST_URL",
    "POPULATION_URL",
    "ENTERPRISE_URL",
    "LAND_URL",
    "CLAMD_URL",
    "TSA_URL",
    "OCSP_URLS",
]
# By which certificate we are known to a neighbour that asks for one: host=file.pem (certificate and key), by commas;
# and a PEM file of the authorities that such neighbours' own certificates come from, beside those of the system.
CLIENT_CERTIFICATES = env.dict("CLIENT_CERTIFICATES", default={})
NEIGHBOUR_AUTHORITIES = env("NEIGHBOUR_AUTHORITIES", default="")
OUTGOING_ALSO = env.list("OUTGOING_ALSO", default=[])
# Hosts of the inner network that webhooks may lead to, and by plain http.
OUTGOING_PRIVATE_HOSTS = env.list("OUTGOING_PRIVATE_HOSTS", default=[] if PRODUCTION else ["127.0.0.1", "localhost"])

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "oss_portal.logs.json_formatter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["console"], "level": env("LOG_LEVEL", default="INFO")},
    "loggers": {
        "fontTools": {"level": "WARNING"},
        "ocrmypdf": {"level": "WARNING"},
        "pikepdf": {"level": "WARNING"},
        # They name the holders of certificates; what they find is in the verdict.
        "pyhanko": {"level": "CRITICAL"},
        "pyhanko_certvalidator": {"level": "CRITICAL"},
    },
}
DJANGO_STRUCTLOG_CELERY_ENABLED = False
DJANGO_STRUCTLOG_IP_LOGGING_ENABLED = False
DJANGO_STRUCTLOG_USER_ID_FIELD = "pk"
# W019: the counter previews an issued paper in a frame of our own; no other site may frame us (frame-ancestors).
# auth.W004: sign-in names are unique by their digest (accounts.models.accounts), which the check does not know.
SILENCED_SYSTEM_CHECKS = ["security.W019", "auth.W004", *env.list("SILENCED_CHECKS", default=[])]
