"""What claimants are asked to agree to, from a file."""

from pathlib import Path
from typing import Any

import yaml
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from accounts.operations import publish_consent_text
from services import clock
from services.refusals import Refusal

TEXTS = Path(__file__).resolve().parents[2] / "consents.yaml"
KEYS = {"code", "required", "title_ko", "title_en", "text_ko", "text_en"}


class Command(BaseCommand):
    """All of a file or nothing."""

    help = "Publish the texts that claimants are asked to agree to; what has not changed stays the version that it is."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", nargs="?", type=Path, default=TEXTS, help="YAML as accounts/consents.yaml, the default")

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        try:
            texts = yaml.safe_load(file.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
            raise CommandError(f"{file} cannot be read: {error}") from error
        if not isinstance(texts, list) or not all(isinstance(one, dict) and {*one} == KEYS for one in texts):
            raise CommandError(f"{file} is no list of texts, each with {', '.join(sorted(KEYS))} and nothing else.")
        try:
            with transaction.atomic(durable=True):
                published = [publish_consent_text(**one, published_by=None, now=clock.now()) for one in texts]
        except Refusal as refusal:
            raise CommandError(f"{refusal.message} ({refusal.code})") from refusal
        self.stdout.write(", ".join(f"{text.code} {text.number}" for text in published))
