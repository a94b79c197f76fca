"""What every process that works on claims asks before it begins."""

import logging
import os
import time

from django.core.checks import Tags
from django.core.management import call_command
from django.db import OperationalError, connections

PAUSE = 1.0  # seconds until a database that does not answer is asked again

log = logging.getLogger(__name__)


def check_database(*, waits: bool) -> None:
    """Whether the database is one for these settings: of a sandbox, or of none. Raises SystemCheckError where it is not.

    While it does not answer a worker waits: without it there is nothing to do. A web process does not, and answers 503.
    """
    while not _is_checked():
        if not waits:
            return
        time.sleep(PAUSE)


def _is_checked() -> bool:
    try:
        with open(os.devnull, "w", encoding="utf-8") as nowhere:
            call_command("check", tags=[Tags.database], databases=["default"], stdout=nowhere)
    except OperationalError as away:
        log.warning("whether the database is one for these settings is not known yet: %s", away)
        return False
    finally:
        connections.close_all()
    return True
