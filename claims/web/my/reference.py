"""References of claims in addresses."""

from django.urls import register_converter


class Reference:
    """As `insert_claims` makes them."""

    regex = "C-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(Reference, "reference")
