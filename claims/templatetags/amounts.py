"""Money and other quantities in the templates of the staff's pages."""

from django import template

from claims.amounts import said_amount, said_difference

register = template.Library()
register.filter("amount", said_amount)
register.filter("difference", said_difference)
