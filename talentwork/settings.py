"""Settings, read from the environment in the order of `.env.example`.

A bad or missing value stops the start with a Chinese sentence (`talentwork.environment`).
"""

import os
from datetime import timedelta
from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from talentwork import environment as read

BASE_DIR = Path(__file__).resolve().parent.parent

# The process environment wins over the file.
environ.Env.read_env(os.environ.get("ENV_FILE", BASE_DIR / ".env"), overwrite=False)

# --- Basics -------------------------------------------------------------------------------------

SECRET_KEY = read.secret_key("SECRET_KEY")
ALLOWED_HOSTS = read.hosts("ALLOWED_HOSTS")
DEBUG = read.flag("DEBUG", default=False)

# The local demo runs without TLS and says so; nothing else may.
HTTP_ONLY = read.flag("HTTP_ONLY", default=False)
CSRF_TRUSTED_ORIGINS = read.origins("CSRF_TRUSTED_ORIGINS")

# How many reverse proxies of ours stand in front; 0 trusts no forwarding header.
PROXY_COUNT = read.integer("PROXY_COUNT", default=0)

# --- Database -----------------------------------------------------------------------------------

DATABASES = {"default": read.database("DATABASE_URL", "sqlite:///var/db.sqlite3", base=BASE_DIR)}
CONN_MAX_AGE = read.integer("CONN_MAX_AGE", default=60)

if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = {
        "timeout": 30,
        "transaction_mode": "IMMEDIATE",  # a writer waits at the start, not half way through
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
else:
    DATABASES["default"]["CONN_MAX_AGE"] = CONN_MAX_AGE
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Keys of protected fields -------------------------------------------------------------------

FIELD_KEYS = read.field_keys("FIELD_KEYS")  # id -> SM4 key; the first one encrypts
DIGEST_KEY = read.digest_key("DIGEST_KEY")

# --- Files --------------------------------------------------------------------------------------

MEDIA_ROOT = read.directory("MEDIA_ROOT", BASE_DIR / "var" / "media", base=BASE_DIR)
STATIC_ROOT = read.directory("STATIC_ROOT", BASE_DIR / "var" / "static", base=BASE_DIR)
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
if DEBUG:
    STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"

UPLOAD_MAX_MB = read.integer("UPLOAD_MAX_MB", default=20, least=1)
UPLOAD_MAX_ROWS = read.integer("UPLOAD_MAX_ROWS", default=100_000, least=1)
ATTACHMENTS_PER_RECORD = read.integer("ATTACHMENTS_PER_RECORD", default=20, least=1)
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024  # form fields only; files are checked on their own
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_PERMISSIONS = 0o640
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o750

# --- Fonts of reports ---------------------------------------------------------------------------

# Only what the office replaces; the fonts that come with the product fill the rest.
REPORT_FONTS = {
    part: path
    for part, path in {
        "title": read.file("REPORT_FONT_TITLE", base=BASE_DIR),
        "body": read.file("REPORT_FONT_BODY", base=BASE_DIR),
        "kai": read.file("REPORT_FONT_KAI", base=BASE_DIR),
        "hei": read.file("REPORT_FONT_HEI", base=BASE_DIR),
        "number": read.file("REPORT_FONT_NUMBER", base=BASE_DIR),
    }.items()
    if path
}

# --- Sign-in ------------------------------------------------------------------------------------

SESSION_COOKIE_AGE = 60 * read.integer("SESSION_IDLE_MINUTES", default=30, least=1)
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
# Idle time, not time since sign-in, is kept by apps.accounts.middleware with a write a minute at
# most; SESSION_SAVE_EVERY_REQUEST would make every page view wait for a write.
SINGLE_SESSION = read.flag("SINGLE_SESSION", default=True)

PASSWORD_MAX_AGE_DAYS = read.integer("PASSWORD_MAX_AGE_DAYS", default=90)

AXES_HANDLER = "apps.accounts.lockout.WindowHandler"
AXES_FAILURE_LIMIT = read.integer("LOGIN_FAILURE_LIMIT", default=5, least=1)
LOGIN_WINDOW = timedelta(minutes=read.integer("LOGIN_WINDOW_MINUTES", default=15, least=1))
AXES_COOLOFF_TIME = timedelta(minutes=read.integer("LOGIN_LOCK_MINUTES", default=30, least=1))
AXES_LOCKOUT_PARAMETERS = ["username"]
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False  # or anybody could keep an account locked
AXES_LOCKOUT_CALLABLE = "apps.accounts.lockout.locked_response"
AXES_ENABLE_ACCESS_FAILURE_LOG = True
AXES_VERBOSE = False

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "apps.accounts.backends.GrantBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "apps.accounts.validators.ClassesValidator"},
    {"NAME": "apps.accounts.validators.NameValidator"},
    {"NAME": "apps.accounts.validators.HistoryValidator"},
]
LOGIN_URL = "accounts-login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "accounts-login"

# --- API ----------------------------------------------------------------------------------------

API_ENABLED = read.flag("API_ENABLED", default=True)
API_RATE_PER_MINUTE = read.integer("API_RATE_PER_MINUTE", default=300)  # a token; 0 is no limit

# --- Log ----------------------------------------------------------------------------------------

LOG_LEVEL = read.choice(
    "LOG_LEVEL", ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"), default="INFO"
)
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"},
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": LOG_LEVEL},
    # Django's own handlers print only with DEBUG or send mail: let its records go to the root.
    "loggers": {
        "django": {"handlers": [], "level": LOG_LEVEL, "propagate": True},
        "django.server": {"handlers": [], "level": LOG_LEVEL, "propagate": True},
        "weasyprint": {"level": "WARNING"},  # else a line for every step of every page
    },
}

# --- From here on nothing is read from the environment -------------------------------------------

LOCAL_APPS = [
    "apps.core",
    "apps.records",
    "apps.accounts",
    "apps.organizations",
    "apps.talents",
    "apps.training",
    "apps.awards",
    "apps.contacts",
    "apps.funds",
    "apps.governance",
    "apps.metrics",
    "apps.reports",
    "apps.dashboards",
    "apps.setup",
]
INSTALLED_APPS = [
    *LOCAL_APPS,
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django_filters",
    "django_htmx",
    "drf_spectacular",
    "axes",
    "csp",
]

MIDDLEWARE = [
    "talentwork.proxies.client_address_middleware",
    "apps.accounts.middleware.request_id_middleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "apps.accounts.middleware.session_guard_middleware",
    "apps.records.middleware.plain_text_middleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "talentwork.urls"
WSGI_APPLICATION = "talentwork.wsgi.application"

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
            ],
        },
    },
]

LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
FORMAT_MODULE_PATH = ["talentwork.formats"]

CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

WHITENOISE_ALLOW_ALL_ORIGINS = False  # no font or script of ours is for other sites
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = (
    "jpg", "jpeg", "png", "gif", "webp", "zip", "gz", "br", "woff", "woff2", "map",
)  # fmt: skip

# --- REST API -----------------------------------------------------------------------------------

# The app rest_framework itself is not installed: it would only add pages and scripts of its own.
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "apps.accounts.authentication.TokenAuthentication",
        "apps.accounts.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_THROTTLE_CLASSES": ["apps.records.api.throttling.RequestThrottle"],
    "DEFAULT_PARSER_CLASSES": ["apps.records.api.parsing.JsonParser"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "apps.records.api.negotiating.AlwaysAnswering",
    "DEFAULT_METADATA_CLASS": None,
    "DEFAULT_SCHEMA_CLASS": "apps.records.api.schema.ApiSchema",
    "EXCEPTION_HANDLER": "apps.records.api.errors.answer",
    "URL_FORMAT_OVERRIDE": None,
    "SCHEMA_COERCE_PATH_PK": False,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "人才工作台接口",
    "DESCRIPTION": "记录、指标和报告的读写接口。权限、范围、掩码、审核和日志与网页相同。",
    "VERSION": "1",
    "COMPONENT_SPLIT_REQUEST": True,
    "SERVE_INCLUDE_SCHEMA": False,
    "POSTPROCESSING_HOOKS": ["apps.records.api.schema.add_components"],
    "SCHEMA_PATH_PREFIX": "/api/v1",
    # it would read the database, which a check must not need; the tests make the schema
    "ENABLE_DJANGO_DEPLOY_CHECK": False,
}

# --- Browser security ---------------------------------------------------------------------------

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    },
}
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = not HTTP_ONLY
SECURE_HSTS_SECONDS = 0 if HTTP_ONLY else 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = not HTTP_ONLY
if PROXY_COUNT:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = not HTTP_ONLY
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"

SILENCED_SYSTEM_CHECKS = [
    # HSTS preloading enters a public list that is hard to leave: the owner of the domain decides.
    "security.W021",
    # The account is what gets locked; an office shares one address and must not be locked out.
    "axes.W006",
]

if HTTP_ONLY and not DEBUG and set(ALLOWED_HOSTS) - {"127.0.0.1", "localhost", "[::1]"}:
    raise ImproperlyConfigured(
        "HTTP_ONLY=1 只用于本机演示，ALLOWED_HOSTS 只能是 127.0.0.1 或 localhost；"
        "正式部署请启用 HTTPS 并设 HTTP_ONLY=0。"
    )
