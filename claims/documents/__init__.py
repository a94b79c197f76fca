"""Documents as claimants send them, made safe. Knows no Django and no database."""

from claims.documents.kinds import Kind, kind_of
from claims.documents.names import shown_name
from claims.documents.refusals import (
    DOCUMENT_REFUSALS,
    DocumentRefused,
    FileDamaged,
    FileEmpty,
    FileMixed,
    FileNotChecked,
    FileTooLarge,
    FileTypeNotAllowed,
    HeicRefused,
    ImageAnimated,
    ImageTooLarge,
    PdfActive,
    PdfEncrypted,
    PdfTooLarge,
    TableRefused,
    TableTooLarge,
)
from claims.documents.safe import LARGEST, SafeDocument, make_safe

__all__ = [
    "DOCUMENT_REFUSALS",
    "LARGEST",
    "DocumentRefused",
    "FileDamaged",
    "FileEmpty",
    "FileMixed",
    "FileNotChecked",
    "FileTooLarge",
    "FileTypeNotAllowed",
    "HeicRefused",
    "ImageAnimated",
    "ImageTooLarge",
    "Kind",
    "PdfActive",
    "PdfEncrypted",
    "PdfTooLarge",
    "SafeDocument",
    "TableRefused",
    "TableTooLarge",
    "kind_of",
    "make_safe",
    "shown_name",
]
