"""What this connector is and what it can do: names, scopes, limits, colors.

Provider facts: Microsoft Graph v1.0 documentation, as of November 2026.
"""

from __future__ import annotations

from datetime import timedelta

from syncline.domain.issues.marking import ERROR_MARK, SAVED_MARK
from syncline.domain.values.kinds import Kind

PROVIDER = "microsoft365"
KINDS = (Kind.EVENT, Kind.CONTACT)

#: What stands before `/v1.0` unless the connection says otherwise.
BASE_URL = "https://graph.microsoft.com"
AUTHORITY = "https://login.microsoftonline.com"

#: Delegated permissions, all of them used.
SCOPES = (
    "offline_access",
    "openid",
    "User.Read",
    "Calendars.ReadWrite",
    "Contacts.ReadWrite",
    "MailboxSettings.ReadWrite",
)

#: Parts that `$batch` takes at most.
BATCH_SIZE = 20
#: Items a page of a delta round or listing asks for.
PAGE_SIZE = 500

#: Where our link key lives on events and contacts. Same MAPI property as EWS sees.
LINK_KEY_PROPERTY = "String {7C9F1B0E-52A6-4C0B-9E52-5A1C53E0D7A4} Name SynclineId"

#: Longer events are not synchronized.
LONGEST_EVENT = timedelta(days=14)

#: Color of a category that is made, by name; all others get `PLAIN_COLOR`.
COLORS = {ERROR_MARK.lower(): "preset0", SAVED_MARK.lower(): "preset7"}
#: There is no white: an uncolored category is drawn as an empty box.
PLAIN_COLOR = "none"

#: The writer's own refusal: guests of a meeting would get mail.
GUESTS_WOULD_BE_MAILED = "GuestsWouldBeMailed"
#: The writer's own refusal: somebody else organizes the meeting.
NOT_THE_ORGANIZER = "NotTheOrganizer"
