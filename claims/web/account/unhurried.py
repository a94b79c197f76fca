"""Answers that take equally long, whether somebody has an account or not."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest

# Twice what the slower of two takes (a new account and its mail, 40 ms); below a tenth of a second nobody waits.
STEP = 0.1  # seconds


def unhurried(view: Callable[..., Any]) -> Callable[..., Any]:
    """What is sent to it is answered after a whole number of STEPs: opening an account takes longer than saying that there is
    one. On a busy machine both take longer than one, but end at a step.
    """

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **named: Any) -> Any:
        began = time.monotonic()
        response = view(request, *args, **named)
        if request.method == "POST":
            time.sleep((began - time.monotonic()) % STEP)
        return response

    return answer
