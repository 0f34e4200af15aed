"""The WSGI application of the floors: a plain Django, as ``startproject`` makes it."""

from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()
