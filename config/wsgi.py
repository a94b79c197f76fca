"""What the web process runs (config/web_process.py)."""

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import reverse

from config.start import check_database
from services.edge import StrictWSGIRequest

# The engine answers one person at a time here: its own threads would only wait for each other. Before anything imports it.
os.environ.setdefault("POLARS_MAX_THREADS", "1")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

application = get_wsgi_application()
application.request_class = StrictWSGIRequest
check_database(waits=False)
reverse("home")  # which reads all addresses and their views: else whoever asks first waits for seconds
# What was loaded stays: looking through it for rubbish again and again took one page of forty 200 ms longer.
gc.collect()
gc.freeze()
