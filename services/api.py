"""The official record, read-only, for everybody."""

from typing import Any

from django.utils.cache import patch_cache_control
from django.utils.decorators import method_decorator
from django.views.decorators.http import conditional_page
from rest_framework import serializers
from rest_framework.permissions import AllowAny, IsAdminUser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from services.lookups import find_incident
from services.models import Extent, Finding, Incident, Notice, OutageWindow, RecordVersion
from services.problems import refuse_unknown_parameters
from services.queries import incident_with_versions, incidents_with_versions, notices_behind, windows_of
from services.questions import asked_record, kept_seconds


class ExtentSerializer(serializers.ModelSerializer[Extent]):
    source = serializers.CharField(source="source.code")  # type: ignore[assignment]  # a field, not the attribute

    class Meta:
        model = Extent
        fields = ("source", "start_at", "end_at", "start_inferred")


class FindingSerializer(serializers.ModelSerializer[Finding]):
    value = serializers.ReadOnlyField()
    notice = serializers.CharField(source="notice.key")

    class Meta:
        model = Finding
        fields = ("name", "type", "value", "notice")


class VersionSerializer(serializers.ModelSerializer[RecordVersion]):
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


class IncidentSerializer(serializers.ModelSerializer[Incident]):
    versions = VersionSerializer(many=True)

    class Meta:
        model = Incident
        fields = ("key", "title_ko", "title_en", "started_at", "started_approx", "versions")


class NoticeSerializer(serializers.ModelSerializer[Notice]):
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


class WindowSerializer(serializers.ModelSerializer[OutageWindow]):
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


class ListedWindowsSerializer(serializers.ModelSerializer[RecordVersion]):
    incident = serializers.CharField(source="incident.key")
    version = serializers.IntegerField(source="number")
    windows = serializers.SerializerMethodField()

    class Meta:
        model = RecordVersion
        fields = ("incident", "version", "as_of", "published_at", "content_hash", "windows")

    def get_windows(self, version: RecordVersion) -> Any:
        """In the version's order."""
        return WindowSerializer(windows_of(version), many=True).data


class StaffView(APIView):
    """Only for members of staff who are logged in; every error is a problem body with a code."""

    permission_classes = (IsAdminUser,)


@method_decorator(conditional_page, name="dispatch")
class PublicView(APIView):
    """For everybody, without a session; an answer that is still the same is 304 to `If-None-Match`."""

    authentication_classes = ()
    permission_classes = (AllowAny,)

    def finalize_response(self, request: Request, response: Response, *args: Any, **kwargs: Any) -> Response:
        if response.status_code == 200:
            patch_cache_control(response, public=True, max_age=kept_seconds(request.GET))
        return super().finalize_response(request, response, *args, **kwargs)


class IncidentList(PublicView):
    """All incidents with their published versions. Ends are exclusive; null while it lasts."""

    def get(self, request: Request) -> Response:
        refuse_unknown_parameters(request)
        return Response({"results": IncidentSerializer(incidents_with_versions(), many=True).data})


class IncidentDetail(PublicView):
    """One incident with its published versions and what was said of it."""

    def get(self, request: Request, key: str) -> Response:
        refuse_unknown_parameters(request)
        return Response(OneIncidentSerializer(incident_with_versions(key)).data)


class WindowList(PublicView):
    """The outage windows a version lists, in its order: of `?version=N`, of the one in force at `?as_of=`, else the newest."""

    def get(self, request: Request, key: str) -> Response:
        refuse_unknown_parameters(request, "version", "as_of")
        version = asked_record(request.GET, incident=find_incident(key).key)
        return Response(ListedWindowsSerializer(version).data)
