"""What this connector is and what it can do: names, scopes, limits, colors.

Provider facts: Microsoft Graph v1.0 documentation, as of November 2026.
"""

from __future__ import annotations

from datetime import timedelta

from syncline.domain.issues.marking import ERROR_MARK, SAVED_MARK
from syncline.domain.values.kinds import Kind

PROVIDER = "microsoft365"
#: How we call ourselves where a mailbox's user sees it.
APPLICATION = "Syncline"
KINDS = (Kind.EVENT, Kind.CONTACT, Kind.TASK, Kind.MESSAGE)
#: Left out, with everything else working, where the mailbox has no To Do or no
#: mail, or the grant lacks the permission.
OPTIONAL_KINDS = frozenset({Kind.TASK, Kind.MESSAGE})

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
    "Tasks.ReadWrite",
    "Mail.ReadWrite",
    "MailboxSettings.ReadWrite",
)

#: Parts that `$batch` takes at most.
BATCH_SIZE = 20
#: Items a page of a delta round or listing asks for.
PAGE_SIZE = 500

#: Where our link key lives on events, contacts and messages. Same MAPI property
#: as EWS sees.
LINK_KEY_PROPERTY = "String {7C9F1B0E-52A6-4C0B-9E52-5A1C53E0D7A4} Name SynclineId"

#: What users file to have it saved, wherever in the mailbox they keep it.
FILED_MESSAGES = "Salesforce Emails"
FILED_TASKS = "Salesforce Tasks"
FILED_CONTACTS = "Salesforce Contacts"

#: Longer events are not synchronized.
LONGEST_EVENT = timedelta(days=14)
#: Messages that came this long before the first reading are listed by it.
MESSAGE_DAYS_BACK = 6
#: Completed tasks stay in scope this long.
TASK_DAYS_BACK = 14

#: Color of a category that is made, by name; all others get `PLAIN_COLOR`.
COLORS = {ERROR_MARK.lower(): "preset0", SAVED_MARK.lower(): "preset7"}
#: There is no white: an uncolored category is drawn as an empty box.
PLAIN_COLOR = "none"

#: The writer's own refusal: guests of a meeting would get mail.
GUESTS_WOULD_BE_MAILED = "GuestsWouldBeMailed"
#: The writer's own refusal: somebody else organizes the meeting.
NOT_THE_ORGANIZER = "NotTheOrganizer"
#: The writer's own refusal: Graph has no pattern for the recurrence.
RECURRENCE_NOT_EXPRESSIBLE = "RecurrenceNotExpressible"
#: The writer's own refusal: messages are read, marked and moved, never written.
MESSAGES_ARE_NOT_WRITTEN = "MessagesAreNotWritten"
#: An attachment that is only a link to a file elsewhere.
NOT_A_FILE = "NotAFile"
