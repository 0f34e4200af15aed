"""Settings of every process.

Two ways to run, one code. With ``DATABASE_URL`` unset the shop is *embedded*: PostgreSQL, Redis and
the Stripe sandbox run under ``var/`` and every secret is made there. With it set the shop is
*served*: everything outside comes from the environment, as ``.env.example`` documents.
"""

from pathlib import Path

import environ
from csp.constants import SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from config import api_words
from config.beat import BEAT_SCHEDULE
from config.carriers import easypost, parcels
from config.logs import logging_config

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = BASE_DIR / "var"

env = environ.Env()
if (BASE_DIR / ".env").exists():
    env.read_env(BASE_DIR / ".env")

TESTING = env.bool("LORGNETTE_TESTING", default=False)
EMBEDDED = not env.str("DATABASE_URL", default="")

if EMBEDDED:
    from config import embedded

    services = embedded.ensure_test_services() if TESTING else embedded.ensure_started()
    DATABASE_URL = services.database_url
    REDIS_URL = services.redis_url
    if TESTING:
        # To show that tests pass on another version of either, too.
        DATABASE_URL = env.str("TEST_DATABASE_URL", default=DATABASE_URL)
        REDIS_URL = env.str("TEST_REDIS_URL", default=REDIS_URL)
    SECRET_KEY = services.secret_key
    STRIPE_API_BASE = services.stripe_api_base
    STRIPE_SECRET_KEY = services.stripe_secret_key
    STRIPE_PUBLISHABLE_KEY = services.stripe_publishable_key
    STRIPE_WEBHOOK_SECRET = services.stripe_webhook_secret
    VAPID_PRIVATE_KEY = services.vapid_private_key
else:
    DATABASE_URL = env.str("DATABASE_URL")
    REDIS_URL = env.str("REDIS_URL")
    SECRET_KEY = env.str("SECRET_KEY")
    STRIPE_API_BASE = env.str("STRIPE_API_BASE", default="https://api.stripe.com")
    STRIPE_SECRET_KEY = env.str("STRIPE_SECRET_KEY")
    STRIPE_PUBLISHABLE_KEY = env.str("STRIPE_PUBLISHABLE_KEY")
    STRIPE_WEBHOOK_SECRET = env.str("STRIPE_WEBHOOK_SECRET")
    # Signs what goes to browsers; without it there is no web push. `new_push_key` prints one.
    VAPID_PRIVATE_KEY = env.str("VAPID_PRIVATE_KEY", default="")

# Signs and hashes what outlives a change of SECRET_KEY: which mail addresses want no more mail.
ADDRESS_KEY = env.str("ADDRESS_KEY", default="") or SECRET_KEY

# A sandbox is any address that is not Stripe's own: the card form follows it.
STRIPE_IS_SANDBOX = STRIPE_API_BASE != "https://api.stripe.com"
# Where the browser finds the sandbox; differs from the server's view behind a proxy.
STRIPE_BROWSER_BASE = env.str("STRIPE_BROWSER_BASE", default=STRIPE_API_BASE)
STRIPE_TIMEOUT_SECONDS = EASYPOST_TIMEOUT_SECONDS = 20

# Where boxes come from and go back to: the lines of the shop's own address, "|" between them.
_address = env.str("SHOP_ADDRESS", default="Lorgnette Demo|Lindenstraße 9|10969 Berlin|DE")
SHOP_ADDRESS = _address.split("|")
# Whose rules of trials a visitor reads before she has said where she lives; ISO 3166-1 alpha-2.
SHOP_COUNTRY = env.str("SHOP_COUNTRY", default=SHOP_ADDRESS[-1])
# So many minutes a box that costs something is kept for who asked for it, until it is paid.
TRIAL_PAID_WITHIN_MINUTES = env.int("TRIAL_PAID_WITHIN_MINUTES", default=60)
# So many hours a customer has to pay the deposit that a rule asked her for.
DEPOSIT_PAID_WITHIN_HOURS = env.int("DEPOSIT_PAID_WITHIN_HOURS", default=48)
# Signs what the built-in carrier reports; without it that door stays shut.
CARRIER_WEBHOOK_SECRET = env.str("CARRIER_WEBHOOK_SECRET", default="")
(EASYPOST_API_KEY, EASYPOST_API_BASE, EASYPOST_WEBHOOK_SECRET, EASYPOST_SERVICE) = easypost(env)
_parcels = parcels(env)
CARRIER, PARCEL_CM, PARCEL_GRAMS, PARCEL_SILENT_DAYS = _parcels[:4]
RETURN_LABELS_BESIDES, SHIP_WITHIN_DAYS, SHIP_CUTOFF_HOUR, BOX_MISSED_AFTER_DAYS = _parcels[4:]
# How many days photos of returned frames and boxes are kept after their trial is over.
EVIDENCE_KEPT_DAYS = env.int("EVIDENCE_KEPT_DAYS", default=180)
# How many whole days a customer has to answer before damage is charged.
DAMAGE_ANSWER_DAYS = env.int("DAMAGE_ANSWER_DAYS", default=7)
# How many days after its first scan the carrier takes a claim for a parcel.
CARRIER_CLAIM_DAYS = env.int("CARRIER_CLAIM_DAYS", default=60)
# So many days a box is taken to have been under way back where the carrier never scanned it.
RETURN_WAY_DAYS = env.int("RETURN_WAY_DAYS", default=5)
# So many hours may pass from a counter, of an evening, to the carrier's first scan of a box.
RETURN_SCAN_HOURS = env.int("RETURN_SCAN_HOURS", default=12)
# So many days a customer's word that she sent her box back stands for the carrier's scan.
SENT_BACK_WORD_DAYS = env.int("SENT_BACK_WORD_DAYS", default=4)
# So many hours a unit is held for the customer whose turn it is; then it goes to the next in line.
WAITLIST_HOLD_HOURS = env.int("WAITLIST_HOLD_HOURS", default=48)
DEBUG = env.bool("DEBUG", default=False)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["*"] if EMBEDDED else [])
CSRF_FAILURE_VIEW = "shop.foundation.form_tokens.form_refused"
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
PORT = env.int("PORT", default=8000)
# Absolute addresses in mails, QR codes and preview cards when no request is at hand.
PUBLIC_URL = env.str("PUBLIC_URL", default=f"http://127.0.0.1:{PORT}").rstrip("/")
FASTEST_VOTE_SECONDS = 1.5  # whoever votes sooner has not looked (docs/trust.md)
# A gallery opens to nobody so many days after its voting ended; its owner is told days before.
GALLERY_KEPT_DAYS = env.int("GALLERY_KEPT_DAYS", default=30)
GALLERY_WARNED_DAYS = env.int("GALLERY_WARNED_DAYS", default=5)
# How many proxies stand before us; X-Forwarded-For is read only that far from its right end.
TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", default=0)

INSTALLED_APPS = [
    # Before allauth and the admin, whose templates the shop's replace.
    "shop",
    "trials",
    "sharing",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.headless",
    "csp",
    "django_filters",
    "django_htmx",
    "djmoney",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "rest_framework",
]

MIDDLEWARE = [
    "shop.foundation.request_id.RequestIdMiddleware",
    "shop.foundation.request_log.RequestLogMiddleware",
    "shop.foundation.health.HealthMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "shop.foundation.content_policy.ContentPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "shop.foundation.readable.ReadableMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "shop.customers.time_zone.TimeZoneMiddleware",
    "shop.customers.log_in_again.LogInAgainMiddleware",
    "shop.foundation.problem_pages.ProblemPageMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "config.navigation.shop_navigation",
                "config.navigation.console_navigation",
            ],
            "builtins": ["shop.foundation.components", "shop.foundation.page_tags"],
            "libraries": {"i18n": "shop.foundation.i18n_tags"},
        },
    },
]

DATABASES = {"default": env.db_url_config(DATABASE_URL)}
DATABASES["default"].update(
    ENGINE="shop.foundation.postgres",
    CONN_MAX_AGE=env.int("DATABASE_CONN_MAX_AGE", default=60),
    CONN_HEALTH_CHECKS=True,
    # PgBouncer in transaction mode forgets server-side cursors between statements.
    DISABLE_SERVER_SIDE_CURSORS=env.bool("DATABASE_BEHIND_PGBOUNCER", default=False),
    TEST={"NAME": env.str("LORGNETTE_TEST_DB", default="test_lorgnette")},
)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "lorgnette",
    }
}
SESSION_ENGINE = "shop.customers.session_store"

# Accounts -------------------------------------------------------------------------------------
AUTH_USER_MODEL = "shop.User"
AUTHENTICATION_BACKENDS = ["shop.customers.log_in_backend.LogInBackend"]
# Sessions name who let them in: those of before the backend above would be logged out.
AUTHENTICATION_BACKENDS += ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
ACCOUNT_ADAPTER = "shop.customers.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "optional"
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
HEADLESS_CLIENTS = ("app",)
HEADLESS_ADAPTER = "shop.customers.adapter.AddressesInMails"
HEADLESS_TOKEN_STRATEGY = "shop.customers.session_tokens.SessionTokens"  # noqa: S105 - a class
# Its operations stand in the API's schema; its own page of them would load scripts from a CDN.
HEADLESS_SERVE_SPECIFICATION = True
HEADLESS_SPECIFICATION_TEMPLATE_NAME = None
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGOUT_REDIRECT_URL = "/"

# Words and times ------------------------------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("de", _("German"))]
# A choice is kept for a year.
LANGUAGE_COOKIE_AGE = 31_536_000
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_SECURE = not EMBEDDED
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["config.formats"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"
# The zone a date is shown in where the customer's own is not known.
SHOP_TIME_ZONE = env.str("SHOP_TIME_ZONE", default="Europe/Berlin")
# How many whole years invoices must be kept, after the end of the one they are of.
INVOICE_YEARS = env.int("INVOICE_YEARS", default=10)
# Days after a refusal on which a card is asked again for what its owner owes. The networks take
# fines above fifteen tries in thirty days.
CHARGE_RETRY_DAYS = env.list("CHARGE_RETRY_DAYS", cast=int, default=[1, 3, 7])
if sorted(set(CHARGE_RETRY_DAYS)) != CHARGE_RETRY_DAYS or len(CHARGE_RETRY_DAYS) > 10:
    raise ImproperlyConfigured("CHARGE_RETRY_DAYS are at most ten rising days.")
# The sales tax within prices by the country a box went to, in %: "DE=19,AT=20"; else none.
SALES_TAX_PERCENT = env.dict("SALES_TAX_PERCENT", default={})
DEFAULT_CURRENCY = env.str("SHOP_CURRENCY", default="EUR")
CURRENCIES = [DEFAULT_CURRENCY]

# Files ----------------------------------------------------------------------------------------
STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "static-collected"
MEDIA_ROOT = Path(
    env.str("MEDIA_ROOT", default=str(VAR_DIR / ("test/media" if TESTING else "media")))
)
MEDIA_URL = "media/"
STORAGES = {
    # Pictures of the catalogue: anybody may see them.
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": MEDIA_ROOT / "public", "base_url": "/media/"},
    },
    # Faces, labels: read only through views that ask who is looking.
    "private": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {
            "location": MEDIA_ROOT / "private",
            "file_permissions_mode": 0o600,
            "directory_permissions_mode": 0o700,
        },
    },
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if EMBEDDED
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = EMBEDDED
# 500.html is served without a template engine and names its style sheet plainly.
WHITENOISE_KEEP_ONLY_HASHED_FILES = False
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FILES = 20

# Mail -----------------------------------------------------------------------------------------
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="Lorgnette <hello@lorgnette.example>")
if EMBEDDED:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = VAR_DIR / "mail"
else:
    vars().update(env.email_url("EMAIL_URL", default="smtp://localhost:25"))

# Security -------------------------------------------------------------------------------------
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = not EMBEDDED
SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=not EMBEDDED)
SECURE_HSTS_SECONDS = 0 if EMBEDDED else env.int("SECURE_HSTS_SECONDS", default=31_536_000)
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = not EMBEDDED
if TRUSTED_PROXY_COUNT:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
STRIPE_SCRIPT_HOST = [] if STRIPE_IS_SANDBOX else ["https://js.stripe.com"]
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "script-src": [SELF, *STRIPE_SCRIPT_HOST],
        "frame-src": [*STRIPE_SCRIPT_HOST, "https://hooks.stripe.com"]
        if STRIPE_SCRIPT_HOST
        else ["'none'"],
        "connect-src": [SELF, STRIPE_BROWSER_BASE],
        "form-action": [SELF, STRIPE_BROWSER_BASE],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
        "object-src": ["'none'"],
    }
}

# API ------------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "shop.customers.authentication.SessionTokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_PAGINATION_CLASS": "shop.foundation.api.CursorPagination",
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_SCHEMA_CLASS": "shop.foundation.schema.ProblemSchema",
    "EXCEPTION_HANDLER": "shop.foundation.problems.api_exception_handler",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
    "PAGE_SIZE": 20,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Lorgnette",
    "DESCRIPTION": api_words.DESCRIPTION,
    "TAGS": api_words.TAGS,
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "SWAGGER_UI_SETTINGS": {"deepLinking": True, "displayOperationId": True},
    "SCHEMA_PATH_PREFIX": r"/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "shop.customers.log_in_schema.add_log_in",
    ],
    "ENUM_NAME_OVERRIDES": api_words.ENUM_NAMES,
}

# Work in the background -----------------------------------------------------------------------
CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
# Measured: acks_late alone loses the jobs of a killed child; this pair saves them.
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_TIME_LIMIT = 300
CELERY_TASK_SOFT_TIME_LIMIT = 240
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
# After so many seconds a job of the outbox whose worker died is taken up by another: no sooner than
# the longest job takes, or two are at it.
OUTBOX_LEASE_SECONDS = env.int("OUTBOX_LEASE_SECONDS", default=300)
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# Longer than the longest task, or Redis would hand a running one out a second time.
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 900,
    # Nobody waits for an alarm clock that does not answer: what it misses the sweep makes up for.
    "socket_connect_timeout": 1,
    "max_retries": 1,
    "interval_start": 0,
    "interval_step": 0,
    "interval_max": 0,
}
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "celerybeat-schedule")
CELERY_BEAT_SCHEDULE = BEAT_SCHEDULE

LOGGING = logging_config(
    level=env.str("LOG_LEVEL", default="INFO"),
    human=EMBEDDED,
    quiet=TESTING,
    tracebacks=VAR_DIR / "run" / "errors.log" if EMBEDDED and not TESTING else None,
)
# Templates load our ``i18n`` in place of Django's.
SILENCED_SYSTEM_CHECKS = ["templates.W003"]
