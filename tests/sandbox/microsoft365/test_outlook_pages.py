"""Pages on which a person sees and corrects items."""

import re
from urllib.parse import quote

ADA = "ada.lindqvist@northwind.example"


def test_front_page_leads_to_every_mailbox(ada, sandbox):
    page = ada.http.get(f"{ada.url}/")
    assert all(one["address"] in page.text for one in sandbox.accounts())
    assert sandbox.counters.requests == 0


def test_mailbox_shows_items_with_categories_in_their_colors(ada):
    for name, color in (("Sync Error", "preset0"), ("Status: X", "none")):
        body = {"displayName": name, "color": color}
        ada.post("/me/outlook/masterCategories", body)
    ada.make_event("Lunch", categories=["Sync Error", "Status: X", "Loose"])
    ada.post("/me/contacts", {"givenName": "Kim", "surname": "<b>Lee"})
    ada.post("/me/mailFolders/inbox/messages", {"subject": "Offer"})
    page = ada.http.get(f"{ada.url}/mailbox/{ADA}").text
    assert "Lunch" in page
    assert "Kim &lt;b&gt;Lee" in page
    assert "Offer" in page
    chips = dict(re.findall(r'class="chip (\w+)"[^>]*>([^<]+)<', page))
    assert chips == {"colored": "Sync Error", "blank": "Status: X", "unlisted": "Loose"}
    assert "background:#d13438" in page
    filtered = ada.http.get(f"{ada.url}/mailbox/{ADA}?category=Loose").text
    assert "Lunch" in filtered
    assert "Offer" not in filtered


def test_web_link_and_both_ids_open_the_event_page(ada):
    made = ada.make_event("Lunch")
    for link in (made["webLink"], f"{ada.url}/calendar/item/{quote(made['id'])}"):
        page = ada.http.get(link)
        assert page.status_code == 200
        assert 'value="Lunch"' in page.text


def test_person_corrects_an_event_and_only_what_was_touched_changes(ada, sandbox):
    html = {"contentType": "html", "content": "<p>Agenda</p>"}
    guest = ada.guest("bruno.okafor@northwind.example")
    made = ada.make_event("Lunch", body=html, attendees=[guest])
    sandbox.counters.reset()
    form = {
        "subject": "Dinner",
        "start": "2026-11-24T10:00",
        "end": "2026-11-24T12:30",
        "body": "Agenda",
        "categories": "Salesforce, Big",
    }
    saved = ada.http.post(made["webLink"], data=form)
    assert saved.status_code == 303
    assert sandbox.counters.writes == sandbox.counters.guest_mails == 0
    seen = ada.get(f"/me/events/{made['id']}")
    assert seen["subject"] == "Dinner"
    assert seen["end"]["dateTime"] == "2026-11-24T12:30:00.0000000"
    assert seen["start"] == made["start"]
    assert seen["body"] == made["body"]
    assert seen["attendees"] == made["attendees"]
    assert seen["categories"] == ["Salesforce", "Big"]
    assert seen["@odata.etag"] != made["@odata.etag"]


def test_unacceptable_correction_is_shown_and_not_saved(ada):
    made = ada.make_event()
    form = {"start": "2026-11-24T10:00", "end": "2026-11-23T10:00"}
    answer = ada.http.post(made["webLink"], data=form)
    assert answer.status_code == 400
    assert 'role="alert"' in answer.text
    assert ada.get(f"/me/events/{made['id']}")["end"] == made["end"]


def test_person_corrects_a_contact_and_delta_tells_it(ada):
    made = ada.post("/me/contacts", {"givenName": "Kim"})
    _, link = ada.round("/me/contacts/delta")
    page = f"{ada.url}/people/item/{quote(made['id'])}"
    form = {
        "surname": "Lee",
        "emails": "kim@a.example\r\nlee@b.example",
        "businessPhones": "+1 555 0100",
        "title": "Dr.",
        "department": "Sales",
    }
    assert ada.http.post(page, data=form).status_code == 303
    (told,) = ada.round(link)[0]
    assert told["displayName"] == "Kim Lee"
    assert [one["address"] for one in told["emailAddresses"]] == [
        "kim@a.example",
        "lee@b.example",
    ]
    assert (told["title"], told["department"]) == ("Dr.", "Sales")
    assert told["businessPhones"] == ["+1 555 0100"]


def test_person_makes_and_deletes_items(ada):
    form = {
        "subject": "New",
        "start": "2026-11-24T10:00",
        "end": "2026-11-25T10:00",
        "allday": "on",
    }
    made = ada.http.post(f"{ada.url}/calendar/new?mailbox={ADA}", data=form)
    assert made.status_code == 303
    (event,) = ada.get("/me/events")["value"]
    assert (event["isAllDay"], event["subject"]) == (True, "New")
    contact = {"givenName": "Kim"}
    ada.http.post(f"{ada.url}/people/new?mailbox={ADA}", data=contact)
    assert ada.get("/me/contacts")["value"][0]["displayName"] == "Kim"
    gone = ada.http.post(f"{ada.url}{made.headers['location']}/delete")
    assert gone.status_code == 303
    assert ada.get("/me/events")["value"] == []
    assert ada.http.get(f"{ada.url}{made.headers['location']}").status_code == 404


def test_person_corrects_one_occurrence_and_leaves_the_series_alone(ada):
    span = {"type": "numbered", "numberOfOccurrences": 2}
    made = ada.make_event(
        recurrence={"pattern": {"type": "daily", "interval": 1}, "range": span}
    )
    window = "startDateTime=2026-11-01T00:00:00Z&endDateTime=2027-01-01T00:00:00Z"
    second = ada.get(f"/me/calendarView?{window}")["value"][1]
    saved = ada.http.post(second["webLink"], data={"subject": "Only this one"})
    assert saved.status_code == 303
    seen = ada.get(f"/me/calendarView?{window}")["value"]
    assert [one["subject"] for one in seen] == ["Review", "Only this one"]
    assert ada.get(f"/me/events/{made['id']}")["subject"] == "Review"
    page = ada.http.get(second["webLink"]).text
    (series,) = re.findall(r'<a href="([^"]+)">Open the whole series', page)
    ada.http.post(f"{ada.url}{series}", data={"subject": "All of them"})
    assert ada.get(f"/me/events/{made['id']}")["subject"] == "All of them"


def test_person_completes_a_task_and_delta_tells_it(ada, sandbox):
    lists = ada.get("/me/todo/lists")["value"]
    root = f"/me/todo/lists/{lists[0]['id']}/tasks"
    due = {"dateTime": "2026-11-24T00:00:00", "timeZone": "UTC"}
    made = ada.post(root, {"title": "Call back", "dueDateTime": due})
    _, link = ada.round(f"{root}/delta")
    page = ada.http.get(f"{ada.url}/mailbox/{ADA}").text
    assert "due 2026-11-24" in page
    path = f"{ada.url}/tasks/id/{quote(made['id'])}/details"
    assert 'value="2026-11-24"' in ada.http.get(path).text
    form = {"status": "completed", "due": "2026-11-26", "categories": "Mine"}
    assert ada.http.post(path, data=form).status_code == 303
    (told,) = ada.round(link)[0]
    assert (told["status"], told["categories"]) == ("completed", ["Mine"])
    assert told["dueDateTime"]["dateTime"] == "2026-11-26T00:00:00.0000000"
    assert told["completedDateTime"]["dateTime"][:10] == "2026-11-23"
    ada.http.post(path, data={"due": ""})
    assert ada.get(f"{root}/{made['id']}")["dueDateTime"] is None
    assert ada.http.post(path, data={"due": "soon"}).status_code == 400
    assert ada.http.post(f"{path}/delete").status_code == 303
    assert ada.get(root)["value"] == []
    assert sandbox.counters.writes == 1


def test_mailbox_shows_mail_of_all_folders_and_what_hangs_on_it(ada):
    file = {"name": "offer.pdf", "contentBytes": "aGk="}
    body = {"subject": "Sent offer", "attachments": [file]}
    made = ada.post("/me/mailFolders/sentitems/messages", body)
    page = ada.http.get(f"{ada.url}/mailbox/{ADA}").text
    assert "Sent offer" in page
    assert "Sent Items" in page
    assert "offer.pdf" in ada.http.get(made["webLink"]).text
