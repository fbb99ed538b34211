"""Marks say what is wrong and leave the user's own categories alone."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from syncline.domain.issues.catalog import CATALOG
from syncline.domain.issues.classify import Cause, cause_of
from syncline.domain.issues.marking import (
    ERROR_MARK,
    SAVED_MARK,
    TRACKED_MARK,
    desired_marks,
    is_status_mark,
    mark_changes,
    status_mark,
)

MISSING = cause_of("required_field_missing", {"field_labels": "Last name, Email"})
MISSING_MARK = "Status: Required fields are missing: Last name and Email"

names = st.one_of(
    st.sampled_from([ERROR_MARK, SAVED_MARK, TRACKED_MARK, MISSING_MARK, "Red", "red"]),
    st.text(min_size=1, max_size=8),
)
name_lists = st.lists(names, unique_by=str.casefold).map(tuple)


def test_status_lists_the_missing_fields() -> None:
    assert status_mark(MISSING.code, MISSING.params) == MISSING_MARK


def test_an_item_in_step_is_saved_and_tracked() -> None:
    assert desired_marks(is_linked=True, cause=None) == (SAVED_MARK, TRACKED_MARK)


def test_an_item_that_is_not_ours_is_not_marked() -> None:
    assert desired_marks(is_linked=False, cause=None) == ()


def test_an_item_that_could_not_be_saved_says_why() -> None:
    assert desired_marks(is_linked=False, cause=MISSING) == (ERROR_MARK, MISSING_MARK)


def test_a_saved_item_with_a_problem_says_both() -> None:
    wanted = (SAVED_MARK, ERROR_MARK, MISSING_MARK)
    assert desired_marks(is_linked=True, cause=MISSING) == wanted


def test_a_settled_conflict_is_no_error() -> None:
    cause = cause_of("conflict_mailbox_won")
    assert desired_marks(is_linked=True, cause=cause) == (SAVED_MARK, TRACKED_MARK)


def test_a_code_of_another_release_still_marks() -> None:
    marks = desired_marks(is_linked=False, cause=Cause(code="SX9999"))
    assert marks[0] == ERROR_MARK
    assert marks[1].startswith("Status: ")


def test_resolving_takes_off_what_we_set_and_nothing_else() -> None:
    add, remove = mark_changes(
        current=("Customers", "SYNC ERROR", MISSING_MARK),
        ours=(ERROR_MARK, MISSING_MARK),
        desired=(SAVED_MARK, TRACKED_MARK),
    )
    assert add == (SAVED_MARK, TRACKED_MARK)
    assert remove == ("SYNC ERROR", MISSING_MARK)


def test_a_mark_that_the_user_set_is_not_removed() -> None:
    assert mark_changes((SAVED_MARK,), (), ()) == ((), ())


def test_a_mark_that_the_user_removed_is_put_back() -> None:
    add, remove = mark_changes((), (ERROR_MARK,), (ERROR_MARK,))
    assert (add, remove) == ((ERROR_MARK,), ())


def test_details_are_known_by_their_prefix() -> None:
    assert is_status_mark("status: anything")
    assert not is_status_mark(ERROR_MARK)


@given(current=name_lists, ours=name_lists, desired=name_lists)
def test_applying_the_changes_gives_what_is_desired(
    current: tuple[str, ...], ours: tuple[str, ...], desired: tuple[str, ...]
) -> None:
    add, remove = mark_changes(current, ours, desired)
    after = [name for name in current if name not in remove] + list(add)
    folded = [name.casefold() for name in after]
    assert {name.casefold() for name in desired} <= set(folded)
    assert len(folded) == len(set(folded))
    assert mark_changes(after, ours, desired) == ((), ())


@given(current=name_lists, ours=name_lists, desired=name_lists)
def test_only_marks_of_ours_are_removed(
    current: tuple[str, ...], ours: tuple[str, ...], desired: tuple[str, ...]
) -> None:
    _, remove = mark_changes(current, ours, desired)
    assert {name.casefold() for name in remove} <= {name.casefold() for name in ours}
    assert set(remove) <= set(current)


@given(
    code=st.sampled_from(sorted(CATALOG)),
    params=st.dictionaries(
        st.sampled_from(["field_labels", "place", "rule_message", "zone"]), st.text()
    ),
)
def test_every_status_is_a_legal_category_name(
    code: str, params: dict[str, str]
) -> None:
    mark = status_mark(code, params)
    assert mark.startswith("Status: ")
    assert not set(mark) & set(",;\r\n\t\x00")
    assert len(mark.encode("utf-16-le")) // 2 <= 255
