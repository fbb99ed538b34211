"""Django's settings, read from the environment.

| variable | meaning | default |
|---|---|---|
| SYNCLINE_HOME | data folder | the user's data directory |
| DATABASE_URL | any PostgreSQL 14+ | an embedded server in the data folder |
| SYNCLINE_POOL_SIZE | connections per process at most | 20 |
| SYNCLINE_SECRET_KEY, SYNCLINE_VAULT_KEYS | secrets | made once in the data folder |
| SYNCLINE_HTTPS | 1 when a proxy serves the pages over https | none |
| SYNCLINE_ADMINS | Salesforce user names who may open the Admin panel | none |
| SYNCLINE_HOSTS | host names that the pages answer to | localhost, 127.0.0.1 |
| SYNCLINE_SALESFORCE_LOGIN_URL | where people sign in | https://login.salesforce.com |
| SYNCLINE_SALESFORCE_CLIENT_ID, …_SECRET | the registered app | none |
"""

from __future__ import annotations

import os
from typing import Any

from psycopg.conninfo import conninfo_to_dict, make_conninfo

from syncline.conf.home import home, secret_key, socket_folder

SECRET_KEY = secret_key()
DEBUG = False
ALLOWED_HOSTS = [
    h.strip()
    for h in os.environ.get("SYNCLINE_HOSTS", "localhost,127.0.0.1,[::1]").split(",")
]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    # Before allauth, whose templates it replaces.
    "syncline.web.authorization",
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.salesforce",
    "syncline.store",
    "syncline.web.shell",
    "syncline.web.sync_settings",
    "syncline.web.admin_panel",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "syncline.web.shell.headers.HeadersMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]

ROOT_URLCONF = "syncline.web.urls"
WSGI_APPLICATION = "syncline.web.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "syncline.web.authorization.people.person_on_page",
            ]
        },
    }
]


def database(address: str) -> dict[str, Any]:
    """Django's form of a PostgreSQL address; connections come from a pool."""
    parts: dict[str, Any] = dict(conninfo_to_dict(address))
    pool = {
        "min_size": 0,
        "max_size": int(os.environ.get("SYNCLINE_POOL_SIZE", "20")),
        "timeout": 30,
    }
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.pop("dbname", "") or "postgres",
        "USER": parts.pop("user", ""),
        "PASSWORD": parts.pop("password", ""),
        "HOST": parts.pop("host", ""),
        "PORT": str(parts.pop("port", "")),
        "OPTIONS": {**parts, "pool": pool},
        # The pool looks at a connection before it lends it: the server may have
        # been started anew since.
        "CONN_HEALTH_CHECKS": True,
    }


#: The data folder, when the embedded server in it is used; else None.
EMBEDDED_HOME = None if os.environ.get("DATABASE_URL") else home()
#: The socket's place follows from the data folder, so that every process of an
#: installation finds the server, whichever of them started it.
_ADDRESS = os.environ.get("DATABASE_URL") or make_conninfo(
    host=str(socket_folder(home())), user="postgres", dbname="syncline"
)
DATABASES = {"default": database(_ADDRESS)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en-us"

STATIC_URL = "/static/"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False

AUTHENTICATION_BACKENDS = [
    "allauth.account.auth_backends.AuthenticationBackend",
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
#: Who may open the Admin panel: Salesforce user names, lower case.
ADMIN_USERNAMES = frozenset(
    name.strip()
    for name in os.environ.get("SYNCLINE_ADMINS", "").lower().split(",")
    if name.strip()
)
SOCIALACCOUNT_ONLY = True
SOCIALACCOUNT_ADAPTER = "syncline.web.authorization.adapter.SalesforceAccountAdapter"
ACCOUNT_EMAIL_VERIFICATION = "none"
SALESFORCE_LOGIN_URL = os.environ.get(
    "SYNCLINE_SALESFORCE_LOGIN_URL", "https://login.salesforce.com"
).rstrip("/")
_SALESFORCE_CLIENT_ID = os.environ.get("SYNCLINE_SALESFORCE_CLIENT_ID", "")
SALESFORCE_IS_SET_UP = bool(_SALESFORCE_CLIENT_ID)
SOCIALACCOUNT_PROVIDERS = {
    "salesforce": {
        "APPS": [
            {
                "client_id": _SALESFORCE_CLIENT_ID,
                "secret": os.environ.get("SYNCLINE_SALESFORCE_CLIENT_SECRET", ""),
                # The adapter takes the login host from the app's key.
                "key": SALESFORCE_LOGIN_URL,
            }
        ],
        "OAUTH_PKCE_ENABLED": True,
        "SCOPE": ["openid"],
    }
}

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
#: Set when people reach the pages over https, as a rule through a proxy.
_IS_HTTPS = os.environ.get("SYNCLINE_HTTPS") == "1"
SESSION_COOKIE_SECURE = _IS_HTTPS
CSRF_COOKIE_SECURE = _IS_HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _IS_HTTPS else None
SECURE_HSTS_SECONDS = 31_536_000 if _IS_HTTPS else 0
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

LOGGING_CONFIG = None
