"""Settings: everything an administrator may change comes from the environment, with a default."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from config.data import make_folder, make_private_file, node_id, secret_keys
from config.database import FILE, database
from config.logs import FORMATTERS, is_ours

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

# Quarterdeck's own

QUARTERDECK_DATA = Path(env.str("QUARTERDECK_DATA", default=str(BASE_DIR / "var"))).resolve()
QUARTERDECK_BIND = env.str("QUARTERDECK_BIND", default="127.0.0.1")
PORT = env.int("PORT", default=8000)
_WILDCARDS = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}  # noqa: S104 - compared with, not bound to
_HOST = _WILDCARDS.get(QUARTERDECK_BIND, QUARTERDECK_BIND)
QUARTERDECK_PUBLIC_URL = env.str("QUARTERDECK_PUBLIC_URL", default=f"http://{_HOST}:{PORT}").rstrip("/")
QUARTERDECK_CHROMIUM = env.str("QUARTERDECK_CHROMIUM", default="")
QUARTERDECK_MAX_SESSIONS = env.int("QUARTERDECK_MAX_SESSIONS", default=32)
QUARTERDECK_QUEUE = env.int("QUARTERDECK_QUEUE", default=64)
QUARTERDECK_QUEUE_TIMEOUT = env.int("QUARTERDECK_QUEUE_TIMEOUT", default=300)
QUARTERDECK_MAX_VIEWERS = env.int("QUARTERDECK_MAX_VIEWERS", default=100)
QUARTERDECK_WARM = env.int("QUARTERDECK_WARM", default=1)
QUARTERDECK_IDLE_TIMEOUT = env.int("QUARTERDECK_IDLE_TIMEOUT", default=300)
QUARTERDECK_MAX_LIFETIME = env.int("QUARTERDECK_MAX_LIFETIME", default=3600)
QUARTERDECK_RETENTION_DAYS = env.int("QUARTERDECK_RETENTION_DAYS", default=30)
QUARTERDECK_RATE_LIMIT = env.int("QUARTERDECK_RATE_LIMIT", default=30_000)
QUARTERDECK_NO_SANDBOX = env.bool("QUARTERDECK_NO_SANDBOX", default=False)
QUARTERDECK_LOG = env.str("QUARTERDECK_LOG", default="text")
if QUARTERDECK_LOG not in FORMATTERS:
    raise ImproperlyConfigured(f"QUARTERDECK_LOG is one of {', '.join(FORMATTERS)}, not {QUARTERDECK_LOG!r}.")

make_folder(QUARTERDECK_DATA)
QUARTERDECK_NODE = node_id(QUARTERDECK_DATA)
_PUBLIC = urlsplit(QUARTERDECK_PUBLIC_URL)
_HTTPS = _PUBLIC.scheme == "https"

# Django

DEBUG = False
SECRET_KEY, *SECRET_KEY_FALLBACKS = secret_keys(QUARTERDECK_DATA)
ALLOWED_HOSTS = sorted(
    {
        "127.0.0.1",
        "localhost",
        "[::1]",
        f"[{_PUBLIC.hostname}]" if ":" in (_PUBLIC.hostname or "") else str(_PUBLIC.hostname),
        *env.list("QUARTERDECK_ALLOWED_HOSTS", default=[]),
    }
)

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    # Only for the rows and the arithmetic of the second factor; the pages and the login are our own.
    "allauth.account",
    "allauth.mfa",
    "axes",
    "csp",
    "django_htmx",
    "lucide",
    "ninja",
    "sessions_app",
]
MIDDLEWARE = [
    "config.access_log.traced",
    "sessions_app.api.limiting.rate_limit_headers",
    "config.compression.compressed",
    "config.middleware.api_problems",
    "config.middleware.no_nul",
    "config.middleware.SecurityMiddleware",
    "config.middleware.CSPMiddleware",
    "servestatic.middleware.ServeStaticMiddleware",
    "config.middleware.CommonMiddleware",
    "config.middleware.SessionMiddleware",
    "config.middleware.CsrfViewMiddleware",
    "config.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
]
# Of those, what a request of the API with a key passes (config/handler.py).
PROGRAM_MIDDLEWARE = [
    "config.access_log.traced",
    "sessions_app.api.limiting.rate_limit_headers",
    "config.middleware.api_problems",
    "config.middleware.no_nul",
    "config.middleware.SecurityMiddleware",
    "config.middleware.CommonMiddleware",
]
ROOT_URLCONF = "config.urls"
ASGI_APPLICATION = "config.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
            ],
        },
    },
]
APPEND_SLASH = False
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
LANGUAGE_CODE = "en"
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = False
# Nothing is uploaded yet; the largest body is a JSON document.
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
# One process serves everything, so its memory is the right place for one-use tickets.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        # A full cache throws out entries that still count; a ticket must last its minute.
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}

# Database

_DATABASE_URL = env.str("DATABASE_URL", default="")
DATABASES = {"default": database(_DATABASE_URL, QUARTERDECK_DATA)}
if not _DATABASE_URL:
    make_private_file(QUARTERDECK_DATA / FILE)

# Logins

AUTH_USER_MODEL = "sessions_app.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "/login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/login"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours
# Together: nobody can lock another person out from elsewhere. Behind a proxy there is one address for everybody, so
# there it is the name alone: X-Forwarded-For is not trusted.
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
AXES_LOCKOUT_TEMPLATE = "entry/locked.html"
MFA_ADAPTER = "sessions_app.services.sealing.SealedSecrets"
MFA_TOTP_ISSUER = "Quarterdeck"
# Half a minute before and after: clocks of phones differ.
MFA_TOTP_TOLERANCE = 1

# Browsers' defences

SESSION_COOKIE_NAME = "quarterdeck_session"
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = _HTTPS
CSRF_COOKIE_NAME = "quarterdeck_csrf"
CSRF_COOKIE_SAMESITE = "Strict"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SECURE = _HTTPS
CSRF_TRUSTED_ORIGINS = [f"{_PUBLIC.scheme}://{_PUBLIC.netloc}"]
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "no-referrer"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
if _HTTPS:
    # TLS ends at a proxy in front of this server.
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "blob:", "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [SELF],
        "form-action": [SELF],
    },
}

# Static files: plain names that a browser asks for again with the file's ETag. Hashed names would need a build before
# every first start, in HTML and in each `import` of the JavaScript modules; a 304 costs less than that here.

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
SERVESTATIC_USE_FINDERS = True
SERVESTATIC_MAX_AGE = 0
SERVESTATIC_ALLOW_ALL_ORIGINS = False

# Logs

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"record": {"()": FORMATTERS[QUARTERDECK_LOG]}},
    "filters": {"ours": {"()": "django.utils.log.CallbackFilter", "callback": is_ours}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "record"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {
        "django": {"handlers": [], "propagate": True},
        # A client's mistake is told to the client; only ours are worth a line.
        "django.request": {"level": "ERROR", "filters": ["ours"]},
        # What it sees stands in the audit.
        "axes": {"level": "WARNING"},
        # Each call's connection to a browser.
        "websockets": {"level": "WARNING"},
    },
}
