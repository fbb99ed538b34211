"""Whoever follows a calendar's delta knows what a plain view shows."""

from random import Random

import pytest

from tests.sandbox.microsoft365.conftest import BRUNO

WINDOW = "startDateTime=2026-11-20T00:00:00Z&endDateTime=2027-01-10T00:00:00Z"
STEPS = 40


class Follower:
    """Keeps a copy of one calendar by its delta alone."""

    def __init__(self, graph, prefer):
        self.graph = graph
        self.headers = {"Prefer": prefer}
        self.link = f"/me/calendarView/delta?{WINDOW}"
        self.known = {}

    def catch_up(self):
        told, self.link = self.graph.round(self.link, headers=self.headers)
        for one in told:
            if "@removed" in one or one["type"] == "seriesMaster":
                self.known.pop(one["id"], None)
            else:
                self.known[one["id"]] = (one["start"]["dateTime"], one["@odata.etag"])

    def truth(self):
        view = f"/me/calendarView?{WINDOW}&$top=1000"
        shown = self.graph.get(view, headers=self.headers)["value"]
        return {
            one["id"]: (one["start"]["dateTime"], one["@odata.etag"]) for one in shown
        }


def times(random):
    day, hour = random.randint(15, 60), random.randint(6, 16)
    month, day = (11, day) if day <= 30 else (12, day - 30)
    clock = f"2026-{month}-{day:02d}T{hour:02d}"
    zone = random.choice(("UTC", "Europe/Stockholm", "Eastern Standard Time"))
    return {
        "start": {"dateTime": f"{clock}:00:00", "timeZone": zone},
        "end": {"dateTime": f"{clock}:45:00", "timeZone": zone},
    }


def recurrence(random):
    pattern = random.choice(
        (
            {"type": "daily", "interval": random.randint(1, 3)},
            {"type": "weekly", "interval": 1, "daysOfWeek": ["monday", "friday"]},
        )
    )
    count = random.randint(1, 9)
    return {
        "pattern": pattern,
        "range": {"type": "numbered", "numberOfOccurrences": count},
    }


def act(random, graph):
    """One thing that a person or a program does to the calendar."""
    events = graph.get("/me/events?$top=1000")["value"]
    choice = random.randint(0, 9)
    if not events or choice < 2:
        series = {"recurrence": recurrence(random)} if random.random() < 0.7 else {}
        guests = [graph.guest(BRUNO)] if random.random() < 0.4 else []
        graph.make_event("Made", **times(random), **series, attendees=guests)
        return
    path = f"/me/events/{random.choice(events)['id']}"
    if choice == 2:
        graph.delete(path)
    elif choice == 3:
        graph.patch(path, times(random))
    elif choice == 4:
        graph.patch(path, {"recurrence": random.choice((None, recurrence(random)))})
    elif choice == 5:
        graph.patch(path, {"categories": [str(random.random())]})
    else:
        shown = graph.get(f"/me/calendarView?{WINDOW}&$top=1000")["value"]
        if shown:
            path = f"/me/events/{random.choice(shown)['id']}"
            change = random.choice((None, times(random), {"subject": "Changed"}))
            if change is None:
                graph.delete(path)
            else:
                graph.patch(path, change)


@pytest.mark.parametrize("prefer", ['IdType="ImmutableId"', "odata.maxpagesize=3"])
@pytest.mark.parametrize("seed", range(4))
def test_followed_calendar_equals_the_plain_view(ada, bruno, seed, prefer):
    """A13, A15: ids, times and versions agree after any history, guests' too."""
    random = Random(seed)
    followers = [Follower(one, prefer) for one in (ada, bruno)]
    for _ in range(STEPS):
        act(random, ada)
        if random.random() < 0.4:
            for follower in followers:
                follower.catch_up()
                assert follower.known == follower.truth()
    assert followers[0].known
