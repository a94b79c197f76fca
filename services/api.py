"""The official record, read-only, for everybody."""

from datetime import UTC
from typing import Any, TypeVar

from django.db.models import DateTimeField, Model, QuerySet
from django.utils.cache import patch_cache_control
from django.utils.decorators import method_decorator
from django.views.decorators.http import conditional_page
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from services.lookups import UnknownService, find_incident
from services.models import Extent, Finding, Incident, Notice, OutageWindow, RecordVersion, Service
from services.queries import incident_with_versions, incidents_with_versions, notices_behind, windows_of
from services.questions import asked_record, kept_seconds
from services.strict_view import StrictView
from services.texts import is_text

Row = TypeVar("Row", bound=Model)


class InUtc(serializers.DateTimeField):
    """As all instants of the API."""

    def __init__(self, **options: Any) -> None:
        super().__init__(default_timezone=UTC, **options)


class RecordSerializer(serializers.ModelSerializer[Row]):
    serializer_field_mapping = {**serializers.ModelSerializer.serializer_field_mapping, DateTimeField: InUtc}


class ExtentSerializer(RecordSerializer[Extent]):
    source = serializers.CharField(source="source.code")  # type: ignore[assignment]  # a field, not the attribute

    class Meta:
        model = Extent
        fields = ("source", "start_at", "end_at", "start_inferred")


class FindingSerializer(RecordSerializer[Finding]):
    value = serializers.ReadOnlyField()
    notice = serializers.CharField(source="notice.key")

    class Meta:
        model = Finding
        fields = ("name", "type", "value", "notice")


class VersionSerializer(RecordSerializer[RecordVersion]):
    extents = serializers.SerializerMethodField()
    findings = serializers.SerializerMethodField()

    class Meta:
        model = RecordVersion
        fields = ("number", "as_of", "published_at", "content_hash", "window_count", "extents", "findings")

    def get_extents(self, version: RecordVersion) -> Any:
        """Start and end of the whole incident, per source, best ranked first."""
        return ExtentSerializer([listed.extent for listed in version.listed_extents.all()], many=True).data

    def get_findings(self, version: RecordVersion) -> Any:
        """Facts about the whole incident that policies ask for, by name."""
        return FindingSerializer([listed.finding for listed in version.listed_findings.all()], many=True).data


class IncidentSerializer(RecordSerializer[Incident]):
    versions = VersionSerializer(many=True)

    class Meta:
        model = Incident
        fields = ("key", "title_ko", "title_en", "started_at", "started_approx", "versions")


class NoticeSerializer(RecordSerializer[Notice]):
    source = serializers.CharField(source="source.code")  # type: ignore[assignment]  # a field, not the attribute

    class Meta:
        model = Notice
        fields = ("key", "source", "channel", "published_at", "published_approx", "recorded_at", "text", "text_en", "ref")


class OneIncidentSerializer(IncidentSerializer):
    notices = serializers.SerializerMethodField()

    class Meta(IncidentSerializer.Meta):
        fields = (*IncidentSerializer.Meta.fields, "cause_ko", "notices")  # type: ignore[assignment]

    def get_notices(self, incident: Incident) -> Any:
        """What was said of the incident, and what its versions rest on; oldest first."""
        return NoticeSerializer(notices_behind([incident]), many=True).data


class WindowSerializer(RecordSerializer[OutageWindow]):
    service = serializers.CharField(source="service.code")
    service_name_ko = serializers.CharField(source="service.name_ko")
    service_name_en = serializers.CharField(source="service.name_en")
    source = serializers.CharField(source="source.code")  # type: ignore[assignment]  # a field, not the attribute
    notice = serializers.CharField(source="notice.key")

    class Meta:
        model = OutageWindow
        fields = (
            "key",
            "service",
            "service_name_ko",
            "service_name_en",
            "severity",
            "scope",
            "start_at",
            "start_approx",
            "end_at",
            "end_approx",
            "inferred",
            "source",
            "notice",
            "closing_rule",
            "users_permille",
            "planned",
            "announced_at",
        )


class ListedWindowsSerializer(RecordSerializer[RecordVersion]):
    incident = serializers.CharField(source="incident.key")
    version = serializers.IntegerField(source="number")
    windows = serializers.SerializerMethodField()

    class Meta:
        model = RecordVersion
        fields = ("incident", "version", "as_of", "published_at", "content_hash", "windows")

    def get_windows(self, version: RecordVersion) -> Any:
        """In the version's order."""
        return WindowSerializer(windows_of(version), many=True).data


@method_decorator(conditional_page, name="dispatch")
class PublicView(StrictView):
    """For everybody; an answer that is still the same is 304 to `If-None-Match`."""

    authentication_classes = ()
    permission_classes = (AllowAny,)
    throttle_classes = ()

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Nothing is changed here, so there is nothing that these would keep from being changed."""
        for name in ("HTTP_IF_MATCH", "HTTP_IF_UNMODIFIED_SINCE"):
            request.META.pop(name, None)
        super().initial(request, *args, **kwargs)

    def finalize_response(self, request: Request, response: Response, *args: Any, **kwargs: Any) -> Response:
        if response.status_code == 200:
            patch_cache_control(response, public=True, max_age=kept_seconds(request.GET))
        return super().finalize_response(request, response, *args, **kwargs)


class ServiceSerializer(RecordSerializer[Service]):
    parent = serializers.CharField(source="parent.code", default=None, allow_null=True)  # type: ignore[assignment]  # a field
    depends_on = serializers.SerializerMethodField()

    class Meta:
        model = Service
        fields = ("code", "parent", "name_ko", "name_en", "operator", "depends_on")

    def get_depends_on(self, service: Service) -> list[str]:
        """Services without which this one cannot be used."""
        return [one.depends_on.code for one in service.dependencies.all()]


class Services(serializers.Serializer[Any]):
    """By code."""

    data = ServiceSerializer(many=True)  # type: ignore[assignment]  # a field, not what was sent


class ServiceList(PublicView):
    """What can be lost: a tree, by dotted code."""

    answers = {"GET": (200, Services)}

    def get(self, request: Request) -> Response:
        return Response({"data": ServiceSerializer(_services(), many=True).data})


class ServiceOne(PublicView):
    """One service."""

    answers = {"GET": (200, ServiceSerializer)}

    def get(self, request: Request, code: str) -> Response:
        found = _services().filter(code=code).first() if is_text(code) else None
        if found is None:
            raise UnknownService("There is no such service.")
        return Response(ServiceSerializer(found).data)


def _services() -> QuerySet[Service]:
    return Service.objects.select_related("parent").prefetch_related("dependencies__depends_on").order_by("code")


class Incidents(serializers.Serializer[Any]):
    """By their start."""

    data = IncidentSerializer(many=True)  # type: ignore[assignment]  # a field, not what was sent


class IncidentList(PublicView):
    """All incidents with their published versions. Ends are exclusive; null while it lasts."""

    answers = {"GET": (200, Incidents)}

    def get(self, request: Request) -> Response:
        return Response({"data": IncidentSerializer(incidents_with_versions(), many=True).data})


class IncidentDetail(PublicView):
    """One incident with its published versions and what was said of it."""

    answers = {"GET": (200, OneIncidentSerializer)}

    def get(self, request: Request, key: str) -> Response:
        return Response(OneIncidentSerializer(incident_with_versions(key)).data)


class WindowList(PublicView):
    """The outage windows a version lists, in its order: of `?version=N`, of the one in force at `?as_of=`, else the newest."""

    parameters = ("version", "as_of")
    answers = {"GET": (200, ListedWindowsSerializer)}

    def get(self, request: Request, key: str) -> Response:
        version = asked_record(request.GET, incident=find_incident(key).key)
        return Response(ListedWindowsSerializer(version).data)
