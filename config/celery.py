"""The Celery application. A message is a wake-up hint; PostgreSQL is the queue and the truth.

All settings are in config/settings.py under the prefix CELERY_.
"""

import os
from typing import Any

from celery import Celery
from celery.signals import task_prerun, worker_init
from django.core.management.base import SystemCheckError
from django.db import close_old_connections

from config.start import check_database

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("claims")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@task_prerun.connect
def drop_dead_connections(**_: Any) -> None:
    """Without this a task that meets a connection killed while it was idle fails, is acknowledged and lost."""
    close_old_connections()


@worker_init.connect
def check_before_work(**_: Any) -> None:
    """Celery would log any other exception and go on."""
    try:
        check_database(waits=True)
    except SystemCheckError as refused:
        raise SystemExit(str(refused)) from None
