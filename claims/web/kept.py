"""Where the wizard keeps what was typed in."""

from __future__ import annotations

from typing import Any

from formtools.wizard.storage.session import SessionStorage


class Kept(SessionStorage):
    """In the session, which is written only where something changes: formtools takes it for changed as soon as it is read, so
    that each look would be a commit.
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

    def set_step_data(self, step: str, cleaned_data: Any) -> None:
        super().set_step_data(step, cleaned_data)
        self._changed()

    def _changed(self) -> None:
        self.request.session.modified = True
