"""The application that a web server calls: `syncline.web.wsgi:application`.

Whoever starts it prepares the database first (`syncline.composition.prepare`).
"""

import os

from django.core.wsgi import get_wsgi_application

from syncline.conf import logging

logging.configure()
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "syncline.conf.settings")

application = get_wsgi_application()
