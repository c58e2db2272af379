"""Gives every client the same code by mail, so that the comparison can answer the step that asks for it.

The step itself stays whole: the code is stored, looked up and checked as always.
"""

from typing import Any

from django.apps import AppConfig

CODE = "PEER01"


def _generate_code(kind: type, user: Any) -> str:
    kind(user=user, code=CODE).save()
    return CODE


class FixedCode(AppConfig):
    """Replaces the one line of the peer that draws a random code."""

    name = "django_site"

    def ready(self) -> None:
        from appointment.models import EmailVerificationCode

        EmailVerificationCode.generate_code = classmethod(_generate_code)
