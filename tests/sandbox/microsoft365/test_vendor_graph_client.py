"""The vendor's own client is satisfied with the sandbox."""

from __future__ import annotations

import asyncio
import datetime
import importlib
import importlib.util
import sys
import types
import warnings
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

with warnings.catch_warnings():
    # The client's generated modules warn about one another when imported.
    warnings.simplefilter("ignore", DeprecationWarning)
    from kiota_abstractions.authentication import AuthenticationProvider
    from kiota_abstractions.base_request_configuration import RequestConfiguration
    from kiota_abstractions.headers_collection import HeadersCollection
    from kiota_abstractions.request_information import RequestInformation
    from msgraph import GraphRequestAdapter, GraphServiceClient
    from msgraph.generated.models.attendee import Attendee
    from msgraph.generated.models.body_type import BodyType
    from msgraph.generated.models.category_color import CategoryColor
    from msgraph.generated.models.contact import Contact
    from msgraph.generated.models.date_time_time_zone import DateTimeTimeZone
    from msgraph.generated.models.day_of_week import DayOfWeek
    from msgraph.generated.models.email_address import EmailAddress
    from msgraph.generated.models.event import Event
    from msgraph.generated.models.event_message_request import EventMessageRequest
    from msgraph.generated.models.event_type import EventType
    from msgraph.generated.models.file_attachment import FileAttachment
    from msgraph.generated.models.item_body import ItemBody
    from msgraph.generated.models.linked_resource import LinkedResource
    from msgraph.generated.models.message import Message
    from msgraph.generated.models.o_data_errors.o_data_error import ODataError
    from msgraph.generated.models.outlook_category import OutlookCategory
    from msgraph.generated.models.patterned_recurrence import PatternedRecurrence
    from msgraph.generated.models.recipient import Recipient
    from msgraph.generated.models.recurrence_pattern import RecurrencePattern
    from msgraph.generated.models.recurrence_pattern_type import RecurrencePatternType
    from msgraph.generated.models.recurrence_range import RecurrenceRange
    from msgraph.generated.models.recurrence_range_type import RecurrenceRangeType
    from msgraph.generated.models.single_value_legacy_extended_property import (
        SingleValueLegacyExtendedProperty,
    )
    from msgraph.generated.models.task_status import TaskStatus
    from msgraph.generated.models.todo_task import TodoTask
    from msgraph.generated.users.item.calendar_view.delta import delta_request_builder
    from msgraph.generated.users.item.events.item import event_item_request_builder
    from msgraph.generated.users.item.events.item.instances import (
        instances_request_builder,
    )
    from msgraph.generated.users.item.messages.item import message_item_request_builder
    from msgraph.generated.users.item.messages.item.move.move_post_request_body import (
        MovePostRequestBody,
    )
    from msgraph.generated.users.item.todo.lists.item.tasks.item import (
        todo_task_item_request_builder,
    )

DeltaQuery = (
    delta_request_builder.DeltaRequestBuilder.DeltaRequestBuilderGetQueryParameters
)
EventQuery = event_item_request_builder.EventItemRequestBuilder
EventQuery = EventQuery.EventItemRequestBuilderGetQueryParameters
InstancesQuery = instances_request_builder.InstancesRequestBuilder
InstancesQuery = InstancesQuery.InstancesRequestBuilderGetQueryParameters
MessageQuery = message_item_request_builder.MessageItemRequestBuilder
MessageQuery = MessageQuery.MessageItemRequestBuilderGetQueryParameters
TaskQuery = todo_task_item_request_builder.TodoTaskItemRequestBuilder
TaskQuery = TaskQuery.TodoTaskItemRequestBuilderGetQueryParameters
#: It goes on importing lazily.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")
PROPERTY = "String {66f5a359-4659-4830-9070-00047ec6ac6e} Name SynclineId"


class _Token(AuthenticationProvider):
    def __init__(self, token: str) -> None:
        self.token = token

    async def authenticate_request(
        self,
        request: RequestInformation,
        additional_authentication_context: dict[str, Any] | None = None,
    ) -> None:
        request.headers.add("Authorization", f"Bearer {self.token}")


@pytest.fixture
def run(
    sandbox, url
) -> Callable[[Callable[[GraphServiceClient], Awaitable[None]]], None]:
    """Carries out a coroutine with a client of the first mailbox."""

    def start(story: Callable[[GraphServiceClient], Awaitable[None]]) -> None:
        adapter = GraphRequestAdapter(_Token(sandbox.accounts()[0]["access_token"]))
        adapter.base_url = f"{url}/v1.0"
        asyncio.run(story(GraphServiceClient(request_adapter=adapter)))

    return start


def new_event(subject: str) -> Event:
    return Event(
        subject=subject,
        start=DateTimeTimeZone(date_time="2026-11-24T10:00:00", time_zone="UTC"),
        end=DateTimeTimeZone(date_time="2026-11-24T11:00:00", time_zone="UTC"),
        single_value_extended_properties=[
            SingleValueLegacyExtendedProperty(id=PROPERTY, value="003")
        ],
    )


def test_event_round_trip(run):
    async def story(client: GraphServiceClient) -> None:
        event = new_event("Review")
        guest = EmailAddress(address="bruno.okafor@northwind.example")
        event.attendees = [Attendee(email_address=guest)]
        made = await client.me.events.post(event)
        item = client.me.events.by_event_id(made.id)
        query = EventQuery(
            expand=[f"singleValueExtendedProperties($filter=id eq '{PROPERTY}')"]
        )
        seen = await item.get(RequestConfiguration(query_parameters=query))
        assert seen.subject == "Review"
        assert seen.single_value_extended_properties[0].value == "003"
        headers = HeadersCollection()
        headers.add("If-Match", seen.additional_data["@odata.etag"])
        changed = await item.patch(
            Event(categories=["Salesforce"]), RequestConfiguration(headers=headers)
        )
        assert changed.categories == ["Salesforce"]
        with pytest.raises(ODataError) as stale:
            await item.patch(
                Event(subject="Other"), RequestConfiguration(headers=headers)
            )
        assert stale.value.response_status_code == 412
        await item.delete()
        with pytest.raises(ODataError) as gone:
            await item.get()
        assert gone.value.error.code == "ErrorItemNotFound"

    run(story)


def test_contact_and_category_round_trip(run):
    async def story(client: GraphServiceClient) -> None:
        contact = Contact(
            given_name="Kim",
            surname="Lee",
            email_addresses=[EmailAddress(address="kim@a.example")],
        )
        made = await client.me.contacts.post(contact)
        assert made.display_name == "Kim Lee"
        builder = client.me.contacts.by_contact_id(made.id)
        assert (await builder.patch(Contact(job_title="CEO"))).job_title == "CEO"
        await builder.delete()
        assert (await client.me.contacts.get()).value == []
        red = OutlookCategory(display_name="Sync Error", color=CategoryColor.Preset0)
        await client.me.outlook.master_categories.post(red)
        (listed,) = (await client.me.outlook.master_categories.get()).value
        assert (listed.display_name, listed.color) == (
            "Sync Error",
            CategoryColor.Preset0,
        )

    run(story)


def test_delta_round_trip(run):
    async def story(client: GraphServiceClient) -> None:
        for number in range(12):
            await client.me.events.post(new_event(str(number)))
        parameters = DeltaQuery(
            start_date_time="2026-11-01T00:00:00Z", end_date_time="2027-01-01T00:00:00Z"
        )
        delta = client.me.calendar_view.delta
        page = await delta.get(RequestConfiguration(query_parameters=parameters))
        told = list(page.value)
        while page.odata_next_link:
            page = await delta.with_url(page.odata_next_link).get()
            told += page.value
        assert [one.subject for one in told] == [str(n) for n in range(12)]
        await client.me.events.by_event_id(told[0].id).delete()
        page = await delta.with_url(page.odata_delta_link).get()
        (removed,) = page.value
        assert removed.id == told[0].id
        assert removed.additional_data["@removed"] == {"reason": "deleted"}

    run(story)


@pytest.fixture
def batching(monkeypatch):
    """The client's batch modules; they import a package they do not declare."""
    if importlib.util.find_spec("deprecated") is None:
        missing = types.ModuleType("deprecated")
        missing.deprecated = lambda reason: lambda what: what
        monkeypatch.setitem(sys.modules, "deprecated", missing)
    root = "msgraph_core.requests.batch_request"
    content = importlib.import_module(f"{root}_content").BatchRequestContent
    return content, importlib.import_module(f"{root}_item").BatchRequestItem


def test_batch_round_trip(run, batching):
    batch_content, batch_item = batching

    async def story(client: GraphServiceClient) -> None:
        content = batch_content()
        wanted = {
            "made": client.me.events.to_post_request_information(new_event("Review")),
            "listed": client.me.contacts.to_get_request_information(),
        }
        for name, information in wanted.items():
            content.add_request(name, batch_item(information, id=name))
        answers = await client.batch.post(batch_request_content=content)
        made = answers.get_response_by_id("made")
        assert made.status == 201
        assert answers.get_response_by_id("listed").status == 200
        (seen,) = (await client.me.events.get()).value
        assert seen.subject == "Review"

    run(story)


def weekly(count: int) -> PatternedRecurrence:
    return PatternedRecurrence(
        pattern=RecurrencePattern(
            type=RecurrencePatternType.Weekly,
            interval=1,
            days_of_week=[DayOfWeek.Tuesday],
        ),
        range=RecurrenceRange(
            type=RecurrenceRangeType.Numbered,
            start_date=datetime.date(2026, 11, 24),
            number_of_occurrences=count,
        ),
    )


def test_series_round_trip(run):
    async def story(client: GraphServiceClient) -> None:
        event = new_event("Review")
        event.recurrence = weekly(3)
        made = await client.me.events.post(event)
        assert made.recurrence.range.number_of_occurrences == 3
        master = client.me.events.by_event_id(made.id)
        window = RequestConfiguration(
            query_parameters=InstancesQuery(
                start_date_time="2026-11-01T00:00:00Z",
                end_date_time="2027-01-01T00:00:00Z",
            )
        )
        first, second, third = (await master.instances.get(window)).value
        assert {first.type, second.type, third.type} == {EventType.Occurrence}
        assert second.additional_data["occurrenceId"] == f"OID.{made.id}.2026-12-01"
        changed = await client.me.events.by_event_id(second.id).patch(
            Event(subject="Moved room")
        )
        assert changed.type == EventType.Exception
        assert changed.original_start.isoformat()[:10] == "2026-12-01"
        await client.me.events.by_event_id(third.id).delete()
        query = EventQuery(
            select=["subject", "cancelledOccurrences"], expand=["exceptionOccurrences"]
        )
        seen = await master.get(RequestConfiguration(query_parameters=query))
        assert seen.cancelled_occurrences == [f"OID.{made.id}.2026-12-08"]
        assert [one.subject for one in seen.exception_occurrences] == ["Moved room"]

    run(story)


def test_message_round_trip(run):
    async def story(client: GraphServiceClient) -> None:
        kim = Recipient(email_address=EmailAddress(address="kim@a.example"))
        message = Message(
            subject="Offer",
            body=ItemBody(content="See file", content_type=BodyType.Text),
            to_recipients=[kim],
            attachments=[
                FileAttachment(
                    odata_type="#microsoft.graph.fileAttachment",
                    name="a.txt",
                    content_type="text/plain",
                    content_bytes=b"hi",
                )
            ],
        )
        made = await client.me.messages.post(message)
        assert (made.is_draft, made.has_attachments) == (True, True)
        item = client.me.messages.by_message_id(made.id)
        (held,) = (await item.attachments.get()).value
        assert isinstance(held, FileAttachment)
        assert held.content_bytes == b"hi"
        assert b"Subject: Offer" in await item.content.get()
        query = MessageQuery(expand=["attachments"])
        seen = await item.get(RequestConfiguration(query_parameters=query))
        assert [one.name for one in seen.attachments] == ["a.txt"]
        marked = await item.patch(Message(categories=["Salesforce"]))
        assert marked.categories == ["Salesforce"]
        moved = await item.move.post(MovePostRequestBody(destination_id="inbox"))
        delta = client.me.mail_folders.by_mail_folder_id("inbox").messages.delta
        page = await delta.get()
        assert [one.id for one in page.value] == [moved.id]

    run(story)


def test_meeting_request_has_its_own_type(run, sandbox):
    invitation = {"@odata.type": "#microsoft.graph.eventMessageRequest"}
    items = {"messages": [invitation | {"subject": "Lunch"}]}
    sandbox.seed({"items": {sandbox.accounts()[0]["address"]: items}})

    async def story(client: GraphServiceClient) -> None:
        (seen,) = (await client.me.messages.get()).value
        assert isinstance(seen, EventMessageRequest)
        assert seen.subject == "Lunch"

    run(story)


def test_task_round_trip(run):
    async def story(client: GraphServiceClient) -> None:
        lists = (await client.me.todo.lists.get()).value
        tasks = client.me.todo.lists.by_todo_task_list_id(lists[0].id).tasks
        task = TodoTask(
            title="Call back",
            due_date_time=DateTimeTimeZone(
                date_time="2026-11-24T00:00:00", time_zone="UTC"
            ),
            linked_resources=[
                LinkedResource(application_name="Syncline", external_id="k1")
            ],
        )
        made = await tasks.post(task)
        item = tasks.by_todo_task_id(made.id)
        query = TaskQuery(expand=["linkedResources"])
        seen = await item.get(RequestConfiguration(query_parameters=query))
        assert [one.external_id for one in seen.linked_resources] == ["k1"]
        headers = HeadersCollection()
        headers.add("If-Match", seen.additional_data["@odata.etag"])
        done = await item.patch(
            TodoTask(status=TaskStatus.Completed), RequestConfiguration(headers=headers)
        )
        assert done.completed_date_time.time_zone == "UTC"
        with pytest.raises(ODataError) as stale:
            await item.patch(
                TodoTask(title="Other"), RequestConfiguration(headers=headers)
            )
        assert stale.value.response_status_code == 412
        page = await tasks.delta.get()
        assert [one.status for one in page.value] == [TaskStatus.Completed]
        await item.delete()
        page = await tasks.delta.with_url(page.odata_delta_link).get()
        assert page.value[0].additional_data["@removed"] == {"reason": "deleted"}

    run(story)
