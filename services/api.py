"""The official record, read-only, for staff."""

from typing import Any

from rest_framework import serializers
from rest_framework.permissions import IsAdminUser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from services.lookups import find_incident
from services.models import Extent, Finding, Incident, OutageWindow, RecordVersion
from services.problems import refuse_unknown_parameters
from services.queries import incidents_with_versions, record_version, windows_of
from services.refusals import Refusal


class VersionMalformed(Refusal):
    code = "version_malformed"


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
    """Only for members of staff; every error is a problem body with a code."""

    """For members of staff who are logged in."""

    permission_classes = (IsAdminUser,)


class IncidentList(StaffView):
    """All incidents with their published versions. Ends are exclusive; null while it lasts."""

    def get(self, request: Request) -> Response:
        refuse_unknown_parameters(request)
        return Response({"results": IncidentSerializer(incidents_with_versions(), many=True).data})


class WindowList(StaffView):
    """The outage windows a version lists, in its order; `?version=N`, the newest without it."""

    def get(self, request: Request, key: str) -> Response:
        refuse_unknown_parameters(request, "version")
        number = _version_number(request)
        version = record_version(incident=find_incident(key).key, number=number)
        return Response(ListedWindowsSerializer(version).data)


def _version_number(request: Request) -> int | None:
    text = request.query_params.get("version")
    if text is None:
        return None
    # Nine digits: more would not fit the column and be a database error instead of an answer.
    if not (text.isascii() and text.isdigit() and len(text) <= 9) or int(text) < 1:
        raise VersionMalformed(f"version is {text!r}. Give a whole number from 1.", field="version")
    return int(text)
