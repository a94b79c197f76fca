"""The API's description: for programs, and as a page that one can click through."""

from __future__ import annotations

from typing import Any

from csp.constants import SELF, UNSAFE_INLINE
from drf_spectacular.views import SpectacularJSONAPIView, SpectacularSwaggerSplitView
from rest_framework.request import Request

from services.problems import refuse_unknown_parameters


class ApiDescription(SpectacularJSONAPIView):
    """OpenAPI 3.1, as JSON."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        refuse_unknown_parameters(request)


class ApiDocs(SpectacularSwaggerSplitView):
    """Its script is a file of its own, as all of ours; its styles are made by that, in the page."""

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Any:
        response: Any = super().get(request, *args, **kwargs)  # type: ignore[no-untyped-call]
        response._csp_update = {"style-src": [SELF, UNSAFE_INLINE], "img-src": [SELF, "data:"]}
        return response
