"""The house: settings, the Celery application, and what starts the processes.

The Celery application is made here, so that every process that loads Django sends and
runs tasks through it, and `celery -A config` finds it.
"""

from config.celery import app as celery_app

__all__ = ["celery_app"]
