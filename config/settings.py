"""Settings of the project; those of accounts are in account_settings.py, those of the API in api_settings.py. What differs
between machines comes from the environment (config/env.py).
"""

from pathlib import Path
from typing import Any

from celery.schedules import crontab
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from config import account_settings, embedded, env
from config.account_settings import *  # noqa: F403 - whole, so that no setting is left behind
from config.api_settings import *  # noqa: F403 - as above

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = embedded.var_root()

DEBUG = env.env.bool("DEBUG", False)
SECRET_KEY = env.secret_key()
CLAIM_KEY_SECRET = env.claim_key_secret()  # of digests and of webhooks' secrets (claims/keys.py)
ALLOWED_HOSTS = env.env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.env.list("CSRF_TRUSTED_ORIGINS", default=[])

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "pgtrigger",
    "rest_framework",
    "oauth2_provider",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "formtools",
    "django_htmx",
    "services",
    "accounts",
    "claims",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.kakao",
    "config.apps.StaffAdminConfig",  # these last: their templates may be replaced
    "django.forms",
]

MIDDLEWARE = [
    "services.edge.RequestIds",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
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
                "claims.web.account.context.account_page",
            ]
        },
    }
]

FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# --- Database -----------------------------------------------------------------------------
# Two roles on one database: `default` works, `owner` owns the schema, migrates and makes test
# databases. Only `default` is bounded in time: a migration or an index may take minutes.

STATEMENT_TIMEOUT_MS = env.env.int("STATEMENT_TIMEOUT_MS", 20_000)
KEEPALIVES = {"keepalives": 1, "keepalives_idle": 30, "keepalives_interval": 10, "keepalives_count": 3}
# Where services/prepared.py asks for it, and nowhere else: at once, and planned without the values, which would be each time.
PREPARED = {"prepare_threshold": 0}
PLANNED_ONCE = "-c plan_cache_mode=force_generic_plan"
TIMEOUTS = {
    "default": {
        "statement_timeout": STATEMENT_TIMEOUT_MS,
        "idle_in_transaction_session_timeout": 20_000,
        "lock_timeout": 3_000,
    },
    "owner": {"lock_timeout": 10_000},
}


def _database(alias: str) -> dict[str, Any]:
    settings = env.database(alias)
    given = settings.get("OPTIONS", {})
    timeouts = " ".join(f"-c {name}={milliseconds}" for name, milliseconds in TIMEOUTS[alias].items())
    options = {
        "connect_timeout": 5,
        **KEEPALIVES,
        **PREPARED,
        **given,
        "options": f"{timeouts} {PLANNED_ONCE} {given.get('options', '')}".strip(),
    }
    # No pool: Celery closes it around every task. A connection is kept, and asked whether it lives before reuse.
    return {**settings, "OPTIONS": options, "CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}


DATABASES = {
    "default": {**_database("default"), "TEST": {"MIRROR": "owner"}},
    "owner": _database("owner"),
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Shared by all processes, so that so many wrong passwords are counted once.
CACHES: dict[str, Any] = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "accounts_cache",
        "OPTIONS": {"MAX_ENTRIES": 1_000_000},  # with 300, Django's own, a few hundred made-up addresses wipe all counts out
    }
}  # fmt: skip

# --- Security -----------------------------------------------------------------------------

# Set HTTPS=1 wherever the site is reached through TLS (the Dockerfile does); the embedded stack is plain http on loopback.
HTTPS = env.env.bool("HTTPS", False)
SECURE_SSL_REDIRECT = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_AGE = 12 * 3600
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEBUG or not HTTPS  # of passkeys
CSRF_FAILURE_VIEW = "claims.web.errors.outdated"

# Nothing runs, is styled by or is fetched from what is not a file of ours: what people type in stays text. Documents and
# letters have a stricter one of their own (claims/sandbox.py). Kakao: where its button leads.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],  # drawn in Pico's style sheet
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "form-action": [SELF, *(["https://kauth.kakao.com"] if account_settings.KAKAO else [])],
    }
}

# --- Language and time --------------------------------------------------------------------

LANGUAGE_CODE = "ko"
LANGUAGES = [("ko", _("Korean")), ("en", _("English"))]
TIME_ZONE = "Asia/Seoul"
USE_TZ = True

# --- Static files -------------------------------------------------------------------------
# Served by the web process. COLLECTED_STATIC=1 after `collectstatic` (the Dockerfile does both);
# otherwise the files are found where the apps keep them, so that a first run needs no step.

COLLECTED_STATIC = env.env.bool("COLLECTED_STATIC", False)
STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "staticfiles" if COLLECTED_STATIC else None
WHITENOISE_USE_FINDERS = not COLLECTED_STATIC
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if COLLECTED_STATIC
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}

# --- Celery -------------------------------------------------------------------------------
# PostgreSQL is the queue and the truth; a message is a wake-up hint that may be lost or come
# twice. No result backend, ETA, expiry, chord, rate limit or hard time limit.

CELERY_BROKER_URL = env.broker_url()
CELERY_TASK_IGNORE_RESULT = True
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_SERIALIZER = "json"
CELERY_ENABLE_UTC = True
CELERY_TIMEZONE = "UTC"

# A killed worker's task goes back to the queue: both settings are needed for that, and neither works alone.
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1

# Sending never waits long for a broker that is down: the row is still there, and is sent again.
CELERY_TASK_PUBLISH_RETRY = False
CELERY_BROKER_CONNECTION_TIMEOUT = 1
CELERY_BROKER_POOL_ACQUIRE_TIMEOUT = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None

# Spawn: a child forked from a process that has used Polars hangs for ever.
CELERY_WORKER_POOL = "prefork"
CELERY_WORKER_POOL_START_METHOD = "spawn"
# Seconds until a child has to say that it works; at Celery's four it is killed on a busy machine, and the next one too.
CELERY_WORKER_PROC_ALIVE_TIMEOUT = 60.0
CELERY_WORKER_CONCURRENCY = env.env.int("WORKER_CONCURRENCY", 2)
CELERY_WORKER_MAX_TASKS_PER_CHILD = 500
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 400_000  # KiB

# The visibility timeout is far above the few seconds that a slice of work takes; the restore settings
# bring a killed worker's messages back within seconds of it instead of after a further 100.
CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, Any]
if CELERY_BROKER_URL.startswith("amqp"):
    CELERY_TASK_DEFAULT_QUEUE_TYPE = "quorum"
    CELERY_BROKER_TRANSPORT_OPTIONS = {"confirm_publish": True}
else:
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "visibility_timeout": 60,
        "unacked_restore_interval": 1,
        "unacked_restore_throttle": 1,
        "socket_timeout": 5,
        "socket_connect_timeout": 1,
        "socket_keepalive": True,
        "health_check_interval": 10,
    }

SWEEP_SECONDS = 5.0
POLL_SECONDS = 60.0  # each feed has its own pause, of whole minutes
CELERY_BEAT_SCHEDULE = {
    "sweep": {"task": "claims.sweep", "schedule": SWEEP_SECONDS},
    "tidy": {"task": "claims.tidy", "schedule": crontab(minute=30)},
    "polls": {"task": "services.poll_feeds", "schedule": POLL_SECONDS},
    "duties": {
        "task": "services.warn_of_duties",
        "schedule": crontab(minute=0),
    },  # every hour: what is due without delay is due in hours
}

# --- Mail ---------------------------------------------------------------------------------
# EMAIL_URL like smtp+tls://user:password@host:587. Without it mails are files in var/mail/, where a developer reads them.

EMAIL_TIMEOUT = 10  # seconds, of each step
vars().update(env.mail(VAR_DIR / "mail"))
DEFAULT_FROM_EMAIL = env.env.str("MAIL_FROM", "claims@localhost")
MAIL_DOMAIN = DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip(">")
# As mails and letters name it, for people to type it in: without a scheme, of which mail programs make a link.
SITE_ADDRESS = env.env.str("SITE_ADDRESS", env.env.str("CLAIMS_ADDRESS", "127.0.0.1:8000")).rpartition("://")[2].rstrip("/")

# Who runs the service: on each page and letter. How they are reached otherwise: an address, a telephone.
DEMONSTRATION = ("시연용 서비스 (실제 회사가 아닙니다)", "A demonstration (no real company)")
OPERATOR = (
    env.env.str("OPERATOR_KO", DEMONSTRATION[0]),
    env.env.str("OPERATOR_EN", DEMONSTRATION[1]),
)
OPERATOR_CONTACT = env.env.str("OPERATOR_CONTACT", "")

# --- Logs: plain lines on standard error --------------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": env.env.str("LOG_LEVEL", "INFO")},
    "loggers": {"django": {"handlers": ["stderr"], "level": "INFO", "propagate": False}},
}

# --- Assessment runs ----------------------------------------------------------------------

CLAIMS_CHUNK_SIZE = env.env.int("CLAIMS_CHUNK_SIZE", 20_000)  # claims; one or two seconds of work
CLAIMS_BULK_SLICE = env.env.int("CLAIMS_BULK_SLICE", 500)  # claims of a bulk decision in a transaction; less than a second

# --- Public pages -------------------------------------------------------------------------

CLAIM_VIEW = "claim:begin"  # where a claim about an incident begins; services do not know that there are claims

# --- Disputes -----------------------------------------------------------------------------

CLAIMS_DISPUTE_THRESHOLD = env.env.int("CLAIMS_DISPUTE_THRESHOLD", 30)  # claims in one hour, outside official windows

# --- Statutory clock ------------------------------------------------------------------------
# "Without delay" has no number in law; after so many hours without an official notice we warn ourselves.

DUTY_NOTICE_HOURS = env.env.float("DUTY_NOTICE_HOURS", 2.0)
DUTY_OPERATOR_SOURCES = env.env.list("DUTY_OPERATOR_SOURCES", default=["operator", "mobility"])  # who speaks for operators

# --- Fetching -----------------------------------------------------------------------------

# For development: networks beside the public ones that typed-in URLs may lead into, by http and on any port.
FETCH_ALLOWED_NETWORKS = env.networks("FETCH_ALLOWED_NETWORKS")
