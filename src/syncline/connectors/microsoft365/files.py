"""Files that hang on messages: what they are, and their bytes."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable, Mapping

import msgspec

from syncline.connectors.microsoft365.client import GraphClient
from syncline.connectors.microsoft365.faults import read_fault
from syncline.connectors.microsoft365.manifest import NOT_A_FILE, PROVIDER
from syncline.connectors.microsoft365.wire import File, Page
from syncline.domain.errors import ProviderError
from syncline.domain.values.faults import Fault, FaultClass

Files = tuple[File, ...] | Fault
_REFERENCE = "#microsoft.graph.referenceattachment"
#: Its own MIME form. Source: "Get attachment", section on raw contents.
_RAW = "/$value"


def list_files(client: GraphClient, message_ids: Iterable[str]) -> Mapping[str, Files]:
    """What hangs on some messages, 20 to a request; a fault where it is unknown.

    Raises:
        ProviderError: The mailbox cannot be read now.
    """
    ids = list(message_ids)
    answers = client.send([client.files(one) for one in ids], "list attachments")
    found: dict[str, Files] = {}
    for message_id, answer in zip(ids, answers, strict=True):
        if not answer.is_success:
            found[message_id] = read_fault(answer)
            continue
        try:
            page = answer.decode(Page)
            files = [msgspec.json.decode(raw, type=File) for raw in page.value]
            found[message_id] = tuple(files)
        except msgspec.MsgspecError as error:
            found[message_id] = answer.bad_response(str(error)).fault
        except ProviderError as error:
            found[message_id] = error.fault
    return found


class GraphAttachmentSource:
    """Files on the messages of one Microsoft 365 mailbox."""

    def __init__(self, client: GraphClient) -> None:
        """Prepare; nothing is sent."""
        self._client = client

    def attachment(self, item_id: str, attachment_id: str) -> bytes:
        """The file as it is; see `ports.AttachmentSource`.

        A message that hangs on a message comes as MIME.
        """
        answer = self._client.file(item_id, attachment_id)
        file = answer.decode(File)
        if (file.odata_type or "").lower() == _REFERENCE:
            raise ProviderError.of(
                Fault(
                    fault_class=FaultClass.REJECTED,
                    provider=PROVIDER,
                    operation="read attachment",
                    code=NOT_A_FILE,
                )
            )
        if file.content_bytes is None:
            return self._client.file(item_id, attachment_id, _RAW).body
        try:
            return base64.b64decode(file.content_bytes, validate=True)
        except (binascii.Error, ValueError) as error:
            raise answer.bad_response(str(error)) from error
