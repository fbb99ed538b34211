"""The engine's measurements measure what they say, on a small scale."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from syncline.cli import bench
from syncline.cli.bench import company, engine
from syncline.cli.bench.memory import measure_memory
from syncline.cli.bench.pairs import MIXTURE, measure_pairs
from syncline.cli.bench.resync import measure_resync
from syncline.domain.mapping import MAPPINGS
from syncline.domain.values.kinds import Kind
from syncline.domain.values.links import Base

FEW = 100
KINDS = (Kind.EVENT, Kind.CONTACT, Kind.TASK)


def test_only_what_was_edited_leads_to_operations_and_all_is_timed() -> None:
    found = {row["pairs"]: row for row in measure_pairs(FEW, tries=1)}
    changed = {name: row["changed"] for name, row in found.items()}
    assert changed == {
        "unchanged": 0,
        "edited": FEW,
        "conflicting": FEW,
        "mixed": FEW * (MIXTURE["edited"] + MIXTURE["conflicting"]) // 100,
    }
    assert {name: row["operations"] for name, row in found.items()} == changed
    assert all(row["pairs_per_second"] > 0 for row in found.values())
    assert all(row["times_comparing"] > 1 for row in found.values())


def test_a_full_resync_of_what_is_in_step_writes_nothing() -> None:
    found = {row["session"]: row for row in measure_resync(FEW)}
    assert {row["result"] for row in found.values()} == {"good"}
    assert found["first"]["writes"] >= FEW
    for name in ("quiet", "resync"):
        assert found[name]["writes"] == 0
        assert found[name]["mailbox_requests"] <= 2
        assert found[name]["salesforce_requests"] <= 2


def test_memory_is_that_of_a_child_process() -> None:
    found = measure_memory(FEW)
    writes = {row["session"]: row["writes"] for row in found}
    assert writes["quiet"] == writes["resync"] == 0
    assert writes["first"] >= FEW
    assert all(row["peak_megabytes"] < 50 for row in found)


@pytest.mark.parametrize("number", range(10))
def test_both_ends_of_a_made_up_link_agree(number: int) -> None:
    item, record, link = (
        make(number) for make in (company.item, company.record, company.link)
    )
    assert link.base == Base(item=item.content, record=record.fields)
    assert item.kind in KINDS
    assert record.fields == MAPPINGS[item.kind].to_record(item.content)
    names = (item.id, record.id, link.key)
    assert [company.number_of(name) for name in names] == [number] * 3


def test_the_command_prints_a_table_or_json_of_each_part(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    parts = {"one": lambda: [{"count": 1_000}], "two": lambda: [{"count": 2}]}
    monkeypatch.setattr(engine, "_PARTS", parts)
    app = bench.typer.Typer()
    app.command()(bench.bench)
    as_json = CliRunner().invoke(app, ["engine", "--json"])
    assert json.loads(as_json.stdout) == {
        "one": [{"count": 1_000}],
        "two": [{"count": 2}],
    }


def test_numbers_of_events_are_numbers() -> None:
    app = bench.typer.Typer()
    app.command()(bench.bench)
    assert CliRunner().invoke(app, ["--sizes", "many"]).exit_code == 2
