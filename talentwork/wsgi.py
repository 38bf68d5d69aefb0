"""WSGI entrance, used by gunicorn."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "talentwork.settings")

application = get_wsgi_application()
