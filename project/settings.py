"""Settings, read from the environment.

Development needs none of it: the embedded servers' addresses follow from DATA_DIR, and a secret
key is made once and kept there. Production (IMPRIMATUR_ENV=production) does not start without one.
"""

import os
import secrets
from pathlib import Path
from urllib.parse import urlsplit

import dj_database_url
import structlog
from csp.constants import NONCE, NONE, SELF
from kombu import Queue

from project.embedded.layout import application_url, broker_url, layout, owner_url
from project.environment.limits import beside_broker, limits
from project.environment.secret_key import check_secret_key
from project.environment.single_sign_on import single_sign_on

BASE_DIR = Path(__file__).resolve().parent.parent
LAYOUT = layout()
DATA_DIR = LAYOUT.data_dir
PRODUCTION = os.environ.get("IMPRIMATUR_ENV", "development") == "production"


def _secret_key() -> str:
    """The key from the environment; in development one made at the first start and kept."""
    key = os.environ.get("SECRET_KEY", "")
    if PRODUCTION:
        return check_secret_key(key)
    if key:
        return key
    path = DATA_DIR / "secret_key"
    if path.exists():
        return path.read_text(encoding="ascii")
    key = secrets.token_urlsafe(48)
    DATA_DIR.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(key)
    return key


SECRET_KEY = _secret_key()
DEBUG = False
PORT = int(os.environ.get("PORT", "8000"))
# The address that people type; the names (IRIs) in releases start with it.
PUBLIC_URL = os.environ.get("PUBLIC_URL", f"http://127.0.0.1:{PORT}").rstrip("/")
ALLOWED_HOSTS = os.environ.get("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1],testserver").split(",")
CSRF_TRUSTED_ORIGINS = [o for o in os.environ.get("CSRF_TRUSTED_ORIGINS", "").split(",") if o]

INSTALLED_APPS = [
    "annotations",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "allauth.usersessions",
    "allauth.mfa",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "project.http.charsets.CharsetMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "annotations.web.private.PrivateMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "project.http.page_limits.PageLimits",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "annotations.web.content_security.ContentSecurityMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "annotations.web.errors.DomainErrorMiddleware",
    "annotations.web.accounts.second_factors.SecondFactorMiddleware",
    "annotations.web.origin.OriginMiddleware",
]
API_PREFIX = "/api/v1/"
ROOT_URLCONF = "project.urls"
ASGI_APPLICATION = "project.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
            ]
        },
    }
]

DATABASES = {
    "default": dj_database_url.parse(
        os.environ.get("DATABASE_URL") or application_url(LAYOUT), engine="project.database"
    )
}
# The role that owns the tables, for `migrate` alone; the product works as one that does not.
if _owner := owner_url(os.environ, LAYOUT):
    _parsed = dj_database_url.parse(_owner)
    DATABASES["default"]["OWNER"] = {  # type: ignore[typeddict-unknown-key]
        name: _parsed.get(name) for name in ("USER", "PASSWORD", "HOST", "PORT")
    }
SERVES_REQUESTS = os.environ.get("IMPRIMATUR_KEEP_CONNECTIONS") == "1"  # set by project.serve
# What ends a statement of a request, in milliseconds; jobs and migrations may take longer.
DATABASE_TIMEOUTS = {
    "statement_timeout": 20_000,
    "lock_timeout": 5_000,
    "idle_in_transaction_session_timeout": 30_000,
}
# Processes that help with one statement take longer to start than most statements take.
_DATABASE_SETTINGS = {
    "plan_cache_mode": "force_generic_plan",
    "max_parallel_workers_per_gather": 0,
} | (DATABASE_TIMEOUTS if SERVES_REQUESTS else {})
DATABASES["default"]["OPTIONS"] = {
    # For annotations.queries.prepared_statements alone; the ORM binds on the client.
    "prepare_threshold": 0,
    "options": " ".join(f"-c {name}={value}" for name, value in _DATABASE_SETTINGS.items()),
    # A machine that is gone; one that does not answer is found out by project.database.
    "tcp_user_timeout": 10_000,  # milliseconds
    "keepalives_idle": 10,  # seconds
    "keepalives_interval": 5,
    "keepalives_count": 3,
    **DATABASES["default"].get("OPTIONS", {}),
}
WEB_THREADS = 10  # of each process
MOST_WAITING = 100  # requests of each process that wait for a thread
LONGEST_WAIT = 15.0  # seconds
if SERVES_REQUESTS:
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    DATABASES["default"]["CONN_MAX_AGE"] = 3600  # seconds
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "annotations.User"
SILENCED_SYSTEM_CHECKS = ["auth.W004"]  # e-mail addresses are unique: one_user_per_email
AUTHENTICATION_BACKENDS = ["annotations.web.accounts.adapter.Backend"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "name")},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "annotations.services.accounts.passwords.GuessablePasswordValidator"},
]
ACCOUNT_ADAPTER = "annotations.web.accounts.adapter.AccountAdapter"
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "annotations.services.accounts.passwords.PasswordLinks"  # noqa: S105
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_FORMS = {
    "reset_password": "annotations.web.accounts.adapter.ResetForm",
    "change_password": "annotations.web.accounts.adapter.ChangeForm",
    "set_password": "annotations.web.accounts.adapter.SetForm",
    "reset_password_from_key": "annotations.web.accounts.adapter.ResetKeyForm",
}
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = True
# Tries of a password are counted by annotations.web.accounts.sign_in_limits.
ACCOUNT_RATE_LIMITS = {"login": None}
MFA_ADAPTER = "annotations.web.accounts.second_factors.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_FORMS = {
    "add_webauthn": "annotations.web.accounts.second_factors.AddPasskeyForm",
    "edit_webauthn": "annotations.web.accounts.second_factors.RenamePasskeyForm",
    "authenticate_webauthn": "annotations.web.accounts.second_factors.UsePasskeyForm",
    "login_webauthn": "annotations.web.accounts.second_factors.SignInByPasskeyForm",
    "reauthenticate_webauthn": "annotations.web.accounts.second_factors.ConfirmByPasskeyForm",
}
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_RECOVERY_CODE_DIGITS = 10
MFA_ALLOW_UNVERIFIED_EMAIL = True  # an unconfirmed address gives nothing here, and keeps nobody out
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not PRODUCTION  # http://localhost
SOCIALACCOUNT_ADAPTER = "annotations.web.accounts.single_sign_on.SocialAccountAdapter"
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
# An OpenID provider by which people may sign in; None for passwords alone.
SINGLE_SIGN_ON = single_sign_on(
    issuer=os.environ.get("OIDC_ISSUER", ""),
    client_id=os.environ.get("OIDC_CLIENT_ID", ""),
    client_secret=os.environ.get("OIDC_CLIENT_SECRET", ""),
    name=os.environ.get("OIDC_NAME", ""),
    domains=os.environ.get("OIDC_DOMAINS", ""),
)
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
EMAIL_BACKEND = (
    "django.core.mail.backends.smtp.EmailBackend"
    if os.environ.get("EMAIL_HOST")
    else "django.core.mail.backends.console.EmailBackend"  # by which nothing is mailed
)
EMAIL_HOST = os.environ.get("EMAIL_HOST", "localhost")
EMAIL_PORT = int(os.environ.get("EMAIL_PORT", "25"))
EMAIL_HOST_USER = os.environ.get("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("EMAIL_HOST_PASSWORD", "")
EMAIL_TIMEOUT = 10  # seconds
EMAIL_USE_TLS = os.environ.get("EMAIL_USE_TLS") == "1"
EMAIL_TIMEOUT = 10  # seconds
DEFAULT_FROM_EMAIL = os.environ.get("EMAIL_FROM") or f"imprimatur@{urlsplit(PUBLIC_URL).hostname}"

LANGUAGE_CODE = "en"
TIME_ZONE = "UTC"
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
MEDIA_ROOT = DATA_DIR / "files"


class Storage:
    """The names Django gives its storage back ends."""

    plain = "django.contrib.staticfiles.storage.StaticFilesStorage"
    manifest = "project.static_files.ModuleManifestStorage"


STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": Storage.manifest if PRODUCTION else Storage.plain},
}
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "project.packing.PackFinder",
]
WHITENOISE_USE_FINDERS = not PRODUCTION
WHITENOISE_AUTOREFRESH = not PRODUCTION

# Private networks whose addresses may be told what a desk publishes, such as 10.1.0.0/16.
WEBHOOK_NETWORKS = [n for n in os.environ.get("WEBHOOK_NETWORKS", "").split(",") if n]

# A source text may be up to this many bytes; the form around it needs a little more.
IMPORT_LIMIT = int(os.environ.get("IMPORT_LIMIT", "20000000"))
DATA_UPLOAD_MAX_MEMORY_SIZE = IMPORT_LIMIT * 2 + 1_000_000
# Of everything but a source: a batch of annotations, a form.
LARGEST_BODY = 2_000_000  # bytes
FILE_UPLOAD_MAX_MEMORY_SIZE = 2_500_000

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "annotations.api.http.authentication.KeyAuthentication",
        "annotations.api.http.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["annotations.api.http.deny_by_default.DenyAll"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["annotations.api.http.json_parser.JSONParser"],
    "DEFAULT_FILTER_BACKENDS": [],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "annotations.api.http.content_negotiation.Negotiation",
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "annotations.api.http.problems.problem_handler",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
    "URL_FORMAT_OVERRIDE": None,  # media types are requested by Accept
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
    "NUM_PROXIES": 0,  # project.serve has already put the client's address in REMOTE_ADDR
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Imprimatur API",
    "DESCRIPTION": (
        "Read what a desk approved; write what its editors and reviewers do.\n\n"
        "[The guide](/api/guide/) has examples in curl, Python and JavaScript, says how a copy is "
        "[kept in step](/api/guide/#keeping-a-copy-in-step) and how to read the messages of "
        "[webhooks](/docs/api/webhooks/)."
    ),
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "DISABLE_DOCSTRING_DESCRIPTIONS": True,  # they speak to those who change the code
    "SCHEMA_PATH_PREFIX": API_PREFIX.removesuffix("/"),
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "COMPONENT_SPLIT_REQUEST": True,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "ENUM_NAME_OVERRIDES": {
        "State": "annotations.models.State",
        "JobState": "annotations.models.Job.State",
        "JobType": "annotations.models.Job.Type",
        "RelationType": "annotations.models.RelationType",
        "Kind": "annotations.models.Kind",
        "Verdict": "annotations.models.Decision.Verdict",
    },
}

# Requests a minute to the API, and where they are counted for all web processes alike.
API_LIMITS = limits(os.environ.get("API_LIMITS", ""))
CACHE_URL = os.environ.get("CACHE_URL") or beside_broker(
    os.environ.get("BROKER_URL") or broker_url(LAYOUT)
)

BROKER_PATIENCE = 5.0  # seconds
# Requests hand messages to a thread and go on: the row is the record, the broker may hang.
BROKER_IN_BACKGROUND = SERVES_REQUESTS
CACHES = {
    "default": {
        "BACKEND": "project.shared_cache.SharedCache",
        "LOCATION": CACHE_URL,
        "KEY_PREFIX": "imprimatur",
    }
    if CACHE_URL
    else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
}

# Jobs at once. One desk has no more than all but one of them, so that others need not wait for it.
WORKER_CONCURRENCY = int(os.environ.get("WORKER_CONCURRENCY") or "3")
JOBS_OF_A_DESK = max(1, WORKER_CONCURRENCY - 1)

CELERY_BROKER_URL = os.environ.get("BROKER_URL") or broker_url(LAYOUT)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = (
    {
        "visibility_timeout": 3600,
        "unacked_restore_interval": 2,
        "unacked_restore_throttle": 1,
        # A page that finds the broker gone says so at once; the sweeper sends the job later.
        "max_retries": 1,
        "interval_start": 0,
        "interval_max": 0.1,
        # Of one answer; a worker's waiting for messages is not cut short by them.
        "socket_timeout": BROKER_PATIENCE,
        "socket_connect_timeout": BROKER_PATIENCE,
        "socket_keepalive": True,
    }
    if CELERY_BROKER_URL.startswith("redis")
    else {"write_timeout": BROKER_PATIENCE}
)
CELERY_BROKER_CONNECTION_TIMEOUT = BROKER_PATIENCE
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_TIME_LIMIT = 1800
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
# After a job that took more memory than this its process is replaced, which gives it back.
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 400_000  # KiB
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
# Queues with workers of their own: deliveries wait for others' servers, jobs take long. A worker
# that is told no queue takes from both. What is done every so often needs none (project.scheduler).
CELERY_TASK_DEFAULT_QUEUE = "jobs"
CELERY_TASK_QUEUES = [Queue("jobs"), Queue("delivery")]
CELERY_TASK_ROUTES = {
    "annotations.tasks.run_job": {"queue": "jobs"},
    "annotations.tasks.tell_webhook*": {"queue": "delivery"},
}

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
if PRODUCTION:
    # No SECURE_PROXY_SSL_HEADER: project.serve takes scheme and address from TRUSTED_PROXIES alone.
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = [r"^livez$", r"^readyz$"]
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
    SECURE_HSTS_SECONDS = 31_536_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "worker-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "manifest-src": [SELF],
    }
}

structlog.configure(
    processors=[
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        structlog.processors.JSONRenderer() if PRODUCTION else structlog.dev.ConsoleRenderer(),
    ],
    logger_factory=structlog.stdlib.LoggerFactory(),
)
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"annotations": {"level": "INFO"}, "project": {"level": "INFO"}},
}
