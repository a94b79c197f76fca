"""Accounts of claimants: django-allauth checks who comes; our operations keep what follows from it."""
