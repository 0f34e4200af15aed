"""Settings of the floors: Django as ``startproject`` makes it, over the same database."""

from tests.benchmarks import settings as shop_under_load

globals().update({name: value for name, value in vars(shop_under_load).items() if name.isupper()})

ROOT_URLCONF = "tests.benchmarks.floors"
# Connections are kept, and never asked whether they live.
DATABASES = {
    "default": {
        **shop_under_load.DATABASES["default"],
        "ENGINE": "django.db.backends.postgresql",
        "CONN_HEALTH_CHECKS": False,
    }
}
INSTALLED_APPS = [
    "shop",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    # The shop names their models when it loads; no request passes them.
    "tests.benchmarks.floor_apps.Accounts",
    "django.contrib.admin",
    "djmoney",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
