"""The WSGI application that Granian serves."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

application = get_wsgi_application()
# Models can be imported from here on.
from shop.foundation.garbage import leave_loaded_alone  # noqa: E402
from shop.foundation.readable import ReadableRequest  # noqa: E402

application.request_class = ReadableRequest
leave_loaded_alone()
