"""Where the wizard keeps what was typed in."""

from __future__ import annotations

from typing import Any

from django.utils.datastructures import MultiValueDict
from formtools.wizard.storage.session import SessionStorage

from services.resident_numbers import without_resident_numbers


class Kept(SessionStorage):
    """In the session, which is written only where something changes: formtools takes it for changed as soon as it is read, so
    that each look would be a commit. Of a page only its own fields are kept, and no resident registration number.
    """

    def _data(self) -> Any:
        return self.request.session[self.prefix]

    def _set_data(self, value: Any) -> None:
        self.request.session[self.prefix] = value

    data = property(_data, _set_data)

    def _set_current_step(self, step: str | None) -> None:
        super()._set_current_step(step)
        self._changed()

    def _set_extra_data(self, extra_data: dict[str, Any]) -> None:
        super()._set_extra_data(extra_data)
        self._changed()

    def set_step_data(self, step: str, cleaned_data: MultiValueDict[str, str] | None) -> None:
        """As it was sent."""
        fields = None if cleaned_data is None else {
            name: [without_resident_numbers(value) for value in values]
            for name, values in cleaned_data.lists()
            if name.startswith(f"{step}-")
        }  # fmt: skip
        super().set_step_data(step, fields)
        self._changed()

    def _changed(self) -> None:
        self.request.session.modified = True
