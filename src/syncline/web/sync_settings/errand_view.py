"""What pages need to know of an errand."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from syncline.usecases.errands import Errand

#: An errand is begun within seconds while a worker runs.
_USUAL_WAIT = timedelta(minutes=1)


def is_late(errand: Errand) -> bool:
    """Whether nobody seems to carry it out."""
    return errand.is_open and timezone.now() - errand.asked_at > _USUAL_WAIT
