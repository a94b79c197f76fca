"""Once a day: say loudly which statutory notices are due soon or overdue."""

import logging

from celery import shared_task
from django.utils import timezone

from services.clocks import duties_by_incident
from services.duties import ALARMING
from services.models import Incident

log = logging.getLogger(__name__)


@shared_task(name="services.warn_of_duties")
def warn_of_duties() -> int:
    """A warning in the log for each; how many."""
    incidents = {incident.pk: incident for incident in Incident.objects.order_by("pk")}
    found = duties_by_incident(list(incidents.values()), now=timezone.now())
    alarming = [(incidents[pk], duty) for pk, duties in found.items() for duty in duties if duty.state in ALARMING]
    for incident, duty in alarming:
        log.warning("%s of %s is %s: %s", duty.kind, incident.key, duty.state, duty.why[1])
    return len(alarming)
