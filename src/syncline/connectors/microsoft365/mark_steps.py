"""Steps of marking that are calls of their own: tying a task, moving a message.

Both are harmless when repeated: a look before tells what is done already.
"""

from __future__ import annotations

from collections.abc import Sequence

from syncline.connectors.base.http import Answer
from syncline.connectors.microsoft365.batches import Part
from syncline.connectors.microsoft365.client import GraphClient
from syncline.connectors.microsoft365.faults import is_final, is_in_doubt, read_fault
from syncline.connectors.microsoft365.manifest import PROVIDER
from syncline.connectors.microsoft365.mark_jobs import MarkJob
from syncline.connectors.microsoft365.places import INBOX, SENT
from syncline.domain.errors import ProviderError
from syncline.domain.values.faults import Fault


def tie(client: GraphClient, jobs: Sequence[MarkJob]) -> Fault | None:
    """Put our keys on tasks.

    Returns:
        A fault that leaves some of it unknown.

    Raises:
        ProviderError: Nothing can be written now.
    """
    parts = [client.tie(j.order.item_id, j.order.key, j.resource_id) for j in jobs]
    doubt = None
    for job, answer in zip(jobs, _send(client, parts, "tie tasks"), strict=True):
        # The task has another version now; whether our key is there, a look
        # tells, whatever became of the call.
        job.categories, job.version = None, ""
        if answer.is_success:
            job.link_key = job.order.key
        else:
            doubt = _take_failure(job, answer) or doubt
    return doubt


def bring_home(client: GraphClient, jobs: Sequence[MarkJob]) -> Fault | None:
    """Move messages that are done out of the filing folder.

    Returns:
        A fault that leaves some of it unknown.

    Raises:
        ProviderError: Nothing can be written now.
    """
    filed = client.places.filed_mail or frozenset()
    moved = [j for j in jobs if j.is_done and j.order.unfile and j.folder in filed]
    parts = [client.move(j.order.item_id, _home(client, j)) for j in moved]
    doubt = None
    for job, answer in zip(moved, _send(client, parts, "move home"), strict=True):
        if answer.is_success:
            job.folder = ""
            job.take_write(answer)
            continue
        job.is_done = False
        fault = _take_failure(job, answer)
        if fault is not None:
            doubt = fault
            job.looks, job.folder = 0, ""
    return doubt


def _home(client: GraphClient, job: MarkJob) -> str:
    is_own = job.sender == client.translator.mailbox.lower()
    return SENT if is_own else INBOX


def _take_failure(job: MarkJob, answer: Answer) -> Fault | None:
    """Note a failure, or answer it when it may have taken effect."""
    fault = read_fault(answer)
    if is_in_doubt(fault):
        return fault
    job.fault = fault
    return None


def _send(client: GraphClient, parts: Sequence[Part], operation: str) -> list[Answer]:
    """Answers to parts; a batch that is in doubt leaves each part in doubt.

    Raises:
        ProviderError: Nothing can be written now.
    """
    try:
        return client.send(parts, operation)
    except ProviderError as error:
        if is_final(error.fault):
            raise
        # Status 0 reads as a senseless answer: whether it was done is unknown.
        lost = Answer(provider=PROVIDER, operation=operation, status=0)
        return [lost] * len(parts)
