"""Say in a sentence what became of a wish."""

from __future__ import annotations

import math

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from syncline.usecases.confirm_plan import ConfirmVerdict
from syncline.usecases.force_sync import ForceAnswer, ForceVerdict


def tell_force_answer(request: HttpRequest, answer: ForceAnswer) -> None:
    """What became of Force sync."""
    match answer.verdict:
        case ForceVerdict.ASKED:
            messages.success(request, _("A session starts within seconds."))
        case ForceVerdict.TOO_SOON:
            seconds = max(1, math.ceil(answer.wait.total_seconds()))
            text = ngettext(
                "A session was asked for less than a minute ago. Please try again in "
                "%(n)d second.",
                "A session was asked for less than a minute ago. Please try again in "
                "%(n)d seconds.",
                seconds,
            )
            messages.info(request, text % {"n": seconds})
        case ForceVerdict.RUNNING:
            messages.info(
                request,
                _(
                    "A session is running right now. Please press Force sync again "
                    "once it has finished."
                ),
            )
        case ForceVerdict.PAUSED:
            messages.info(request, _("Synchronization is paused; press Start first."))
        case ForceVerdict.DISABLED:
            messages.info(
                request, _("Your admin switched synchronization off for this mailbox.")
            )


def tell_confirm_verdict(request: HttpRequest, verdict: ConfirmVerdict) -> None:
    """What became of Confirm."""
    match verdict:
        case ConfirmVerdict.CONFIRMED:
            messages.success(
                request, _("Confirmed. A session carries it out within seconds.")
            )
        case ConfirmVerdict.CHANGED:
            messages.warning(
                request,
                _(
                    "The list has changed since you read it, so nothing was "
                    "confirmed. Please read it again."
                ),
            )
        case ConfirmVerdict.RUNNING:
            messages.info(
                request,
                _("A session is running right now. Please confirm once it is over."),
            )
        case ConfirmVerdict.GONE:
            messages.info(request, _("Nothing waits for a confirmation any more."))
