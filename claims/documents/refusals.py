"""Why a document is not taken. Each code has its words for the claimant in `claims/document_words.py`."""

from __future__ import annotations

from services.refusals import Refusal

TAKEN = "Send a picture as JPEG, PNG or WebP, a document as PDF, a table as CSV."


class DocumentRefused(Refusal):
    """Of the file itself, whoever sends it."""

    def __init__(self, message: str, *, field: str | None = "file") -> None:
        super().__init__(message, field=field)


class FileEmpty(DocumentRefused):
    code = "file_empty"


class FileTooLarge(DocumentRefused):
    code = "file_too_large"


class FileTypeNotAllowed(DocumentRefused):
    code = "file_type_not_allowed"


class HeicRefused(DocumentRefused):
    """A phone sends it as JPEG if it is told to."""

    code = "heic_refused"


class FileDamaged(DocumentRefused):
    """It ends too soon, or cannot be read."""

    code = "file_damaged"


class FileMixed(DocumentRefused):
    """Another kind of file is in it as well."""

    code = "file_mixed"


class FileNotChecked(DocumentRefused):
    """Checking it took too much time or memory."""

    code = "file_not_checked"


class ImageTooLarge(DocumentRefused):
    """More pixels than are decoded, or than fit into a file once they are."""

    code = "image_too_large"


class ImageAnimated(DocumentRefused):
    """A still of it would not show what the claimant saw."""

    code = "image_animated"


class PdfEncrypted(DocumentRefused):
    code = "pdf_encrypted"


class PdfActive(DocumentRefused):
    """It runs, starts, sends or carries something."""

    code = "pdf_active"


class PdfTooLarge(DocumentRefused):
    """Too many pages or objects, or far more once it is unpacked."""

    code = "pdf_too_large"


class TableRefused(DocumentRefused):
    """Text, but no table of it, or with characters that none has."""

    code = "table_refused"


class TableTooLarge(DocumentRefused):
    code = "table_too_large"


DOCUMENT_REFUSALS: dict[str, type[DocumentRefused]] = {
    one.code: one
    for one in (
        FileEmpty, FileTooLarge, FileTypeNotAllowed, HeicRefused, FileDamaged, FileMixed, FileNotChecked, ImageTooLarge,
        ImageAnimated, PdfEncrypted, PdfActive, PdfTooLarge, TableRefused, TableTooLarge,
    )
}  # fmt: skip
