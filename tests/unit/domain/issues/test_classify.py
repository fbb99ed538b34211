"""Provider answers become the cause that a person can do something about."""

from __future__ import annotations

import re
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncline.domain.issues.catalog import by_slug, entry
from syncline.domain.issues.catalog import microsoft365_answers as microsoft365
from syncline.domain.issues.catalog import salesforce_answers as salesforce
from syncline.domain.issues.classify import Cause, cause_of, classify
from syncline.domain.issues.facts import readable_label, redact
from syncline.domain.issues.remedy import explain
from syncline.domain.values.faults import Fault, FaultClass
from syncline.domain.values.kinds import Kind, Side

API = Path(__file__).resolve().parents[5] / "shared" / "api"


def refusal(
    code: str,
    message: str = "",
    *,
    fields: tuple[str, ...] = (),
    matches: tuple[str, ...] = (),
    provider: str = "salesforce",
    fault_class: FaultClass = FaultClass.REJECTED,
) -> Fault:
    return Fault(
        fault_class=fault_class,
        provider=provider,
        code=code,
        message=message,
        fields=fields,
        matches=matches,
    )


def cause_in_crm(fault: Fault, kind: Kind | None = Kind.CONTACT) -> Cause:
    return classify(fault, kind=kind, side=Side.CRM, verb="create")


def cause_in_mailbox(fault: Fault, kind: Kind | None = Kind.EVENT) -> Cause:
    return classify(fault, kind=kind, side=Side.MAILBOX, verb="update")


def slug_of(cause: Cause) -> str:
    return entry(cause.code).slug


# --- the tables -------------------------------------------------------------


@pytest.mark.parametrize("table", [salesforce, microsoft365])
def test_tables_lead_to_entries_that_exist(table: ModuleType) -> None:
    for slug in table.SLUGS.values():
        assert by_slug(slug)
    for choices in table.PHRASES.values():
        assert all(by_slug(slug) for _, slug in choices)


@pytest.mark.parametrize("table", [salesforce, microsoft365])
def test_no_code_stands_in_a_table_twice(table: ModuleType) -> None:
    codes = [code.casefold() for line in table.CODES.values() for code in line.split()]
    assert sorted(codes) == sorted(set(codes))


def shared_page(name: str) -> str:
    path = API / name
    if not path.exists():
        pytest.skip(f"{name} is not beside this repository")
    return path.read_text(encoding="utf-8")


def test_every_salesforce_code_that_a_sync_can_meet_has_a_cause() -> None:
    page = shared_page("salesforce-status-codes.md")
    codes = re.findall(r"^\| `(\w+)` \| ([A-Z]) \|", page, re.M)
    assert len(codes) > 400
    unexpected = {code for code, letter in codes if letter == "X"}
    met = {code for code, letter in codes if letter != "X"}
    known = {code.casefold() for code in salesforce.SLUGS}
    assert {code for code in met if code.casefold() not in known} == set()
    assert {code for code in unexpected - met if code.casefold() in known} == set()


def test_a_code_that_no_sync_should_meet_is_unclassified() -> None:
    assert slug_of(cause_in_crm(refusal("VF_COMPILE_ERROR"))) == "unclassified"


def test_every_graph_code_has_a_cause() -> None:
    page = shared_page("microsoft-graph.md")
    section = page.split("## 7. Errors")[1].split("## 8.")[0]
    rows = re.findall(r"^\| [\d/, ]+ \| (.*?) \|", section, re.M)
    codes = {code for row in rows for code in re.findall(r"`(\w+)`", row)}
    throttling = re.findall(
        r"`(\w+)`", page.split("other codes seen:")[1].split("\n")[0]
    )
    known = {code.casefold() for code in microsoft365.SLUGS}
    assert len(codes) > 30
    assert {c for c in codes | set(throttling) if c.casefold() not in known} == set()


def test_every_sign_in_number_of_microsoft_has_a_cause() -> None:
    page = shared_page("microsoft-graph.md")
    table = page.split("| AADSTS |")[1].split("`error` values")[0]
    rows = re.findall(r"^\| ([\d, ]+) \|", table, re.M)
    numbers = {n for row in rows for n in re.findall(r"\d+", row)}
    assert len(numbers) > 40
    assert {n for n in numbers if f"AADSTS{n}" not in microsoft365.SLUGS} == set()


def test_every_sign_in_error_has_a_cause() -> None:
    page = shared_page("microsoft-graph.md")
    line = page.split("`error` values: ")[1].split("\n")[0]
    errors = set(re.findall(r"`(\w+)`", line))
    assert errors <= set(microsoft365.SLUGS)
    page = shared_page("salesforce.md")
    table = page.split("| `error` |")[1].split("Integration-user")[0]
    names = {
        name
        for row in re.findall(r"^\| (`.*?) \|", table, re.M)
        for name in re.findall(r"`(\w+)`", row)
    }
    known = {code.casefold() for code in salesforce.SLUGS}
    assert {name for name in names if name.casefold() not in known} == set()


# --- what texts can say -----------------------------------------------------


def test_missing_fields_are_named_and_labeled() -> None:
    cause = cause_in_crm(
        refusal("REQUIRED_FIELD_MISSING", "Required fields are missing: [LastName, X]")
    )
    assert slug_of(cause) == "required_field_missing"
    assert cause.params["fields"] == "LastName and X"
    assert cause.params["field_labels"] == "Last name and X"
    assert explain(cause.code, cause.params) == (
        "Salesforce cannot save this contact without a value in Last name and X "
        "(LastName and X)."
    )


def test_fields_are_read_out_of_older_messages() -> None:
    hidden = refusal("INVALID_FIELD", "No such column 'Foo__c' on entity 'Event'.")
    locked = refusal(
        "INVALID_FIELD_FOR_INSERT_UPDATE",
        "Unable to create/update fields: Title, Fax. Please check the security",
    )
    assert cause_in_crm(hidden).params["fields"] == "Foo__c"
    assert cause_in_crm(locked).params["fields"] == "Title and Fax"


def test_a_validation_rule_speaks_in_the_words_of_the_admin() -> None:
    cause = cause_in_crm(
        refusal(
            "FIELD_CUSTOM_VALIDATION_EXCEPTION",
            "An executive needs a department.",
            fields=("Department",),
        )
    )
    assert cause.params["rule_message"] == "An executive needs a department."
    assert explain(cause.code, cause.params).endswith(
        "“An executive needs a department.”"
    )


def test_a_long_text_names_label_and_limit_and_hides_the_text() -> None:
    body = "my private notes " * 20
    cause = cause_in_crm(
        refusal(
            "STRING_TOO_LONG",
            f"Business Title: data value too large: {body} (max length=128)",
            fields=("Title",),
        )
    )
    assert slug_of(cause) == "value_too_long"
    assert cause.params["limit"] == "128"
    assert cause.params["field_labels"] == "Business Title"
    assert "private" not in "".join(cause.params.values())


def test_duplicates_name_the_records() -> None:
    cause = cause_in_crm(
        refusal(
            "DUPLICATES_DETECTED",
            "Use one of these records?",
            matches=("003000000000001AAA", "003000000000002AAA"),
        )
    )
    assert slug_of(cause) == "duplicate_rule"
    assert cause.params["matches"] == "003000000000001AAA and 003000000000002AAA"
    assert cause.params["count"] == "2"


def test_a_unique_value_names_the_other_record() -> None:
    message = (
        "duplicate value found: Syncline_Id__c duplicates value on record with id: "
        "00U000000000001"
    )
    cause = cause_in_crm(refusal("DUPLICATE_VALUE", message), Kind.EVENT)
    assert slug_of(cause) == "exists_already"
    assert cause.params["matches"] == "00U000000000001"


def test_an_inactive_owner_is_named() -> None:
    message = "operation performed with inactive user [005000000000001] as owner"
    cause = cause_in_crm(refusal("INACTIVE_OWNER_OR_USER", message))
    assert slug_of(cause) == "inactive_owner"
    assert cause.params["owner"] == "005000000000001"
    assert "fields" not in cause.params


def test_a_picklist_value_is_shown() -> None:
    message = "Salutation: bad value for restricted picklist field: Sensei"
    cause = cause_in_crm(
        refusal(
            "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST", message, fields=("Salutation",)
        )
    )
    assert cause.params["value"] == "Sensei"
    assert cause.params["field_labels"] == "Salutation"


def test_an_address_is_shown() -> None:
    message = "Email: invalid email address: ada@nowhere"
    cause = cause_in_crm(refusal("INVALID_EMAIL_ADDRESS", message, fields=("Email",)))
    assert cause.params["value"] == "ada@nowhere"


def test_apex_passes_on_the_real_cause() -> None:
    message = (
        "CheckContact: execution of BeforeInsert\n\ncaused by: System.DmlException: "
        "Insert failed. First exception on row 0; first error: "
        "FIELD_CUSTOM_VALIDATION_EXCEPTION, Say which branch: []\n\n"
        "Trigger.CheckContact: line 7, column 1"
    )
    cause = cause_in_crm(refusal("CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", message))
    assert slug_of(cause) == "validation_rule"
    assert cause.params["rule_message"] == "Say which branch"


def test_apex_without_a_known_cause_is_the_automation_itself() -> None:
    message = "CheckContact: execution of BeforeInsert caused by: Attempt to divide"
    cause = cause_in_crm(refusal("CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", message))
    assert slug_of(cause) == "apex_failed"


@pytest.mark.parametrize(
    ("code", "message", "slug"),
    [
        ("invalid_grant", "expired access/refresh token", "sign_in_expired"),
        ("invalid_grant", "authentication failure", "crm_access_lost"),
        ("invalid_grant", "invalid login hours", "login_restricted"),
        ("invalid_grant", "ip restricted", "login_restricted"),
        ("invalid_grant", "user hasn't approved this consumer", "consent_missing"),
        ("invalid_grant", "audience is invalid", "app_misconfigured"),
        ("inactive_user", "user is inactive", "account_disabled"),
        ("inactive_org", "org is locked", "org_inactive"),
        ("REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded.", "allowance_spent"),
        (
            "REQUEST_LIMIT_EXCEEDED",
            "ConcurrentRequests (Concurrent API Requests) Limit exceeded.",
            "concurrency",
        ),
        ("INVALID_FIELD", "No such column 'Foo'", "field_not_writable"),
        ("INVALID_FIELD", "No such column 'Syncline_Id__c'", "key_field_missing"),
        (
            "NOT_FOUND",
            "Provided external ID field does not exist or is not accessible",
            "key_field_missing",
        ),
        ("NOT_FOUND", "The requested resource does not exist", "crm_unavailable"),
    ],
)
def test_one_code_can_have_several_causes(code: str, message: str, slug: str) -> None:
    assert slug_of(cause_in_crm(refusal(code, message), kind=None)) == slug


@pytest.mark.parametrize(
    ("code", "slug"),
    [
        ("AADSTS50173", "password_changed"),
        ("AADSTS50076", "mfa_needed"),
        ("AADSTS65001", "consent_missing"),
        ("AADSTS53003", "conditional_access"),
        ("AADSTS7000222", "app_misconfigured"),
        ("InsufficientClaims", "mfa_needed"),
        ("invalid_grant", "mailbox_access_lost"),
        ("mailboxnotenabledforrestapi", "mailbox_not_licensed"),
        ("ERRORQUOTAEXCEEDED", "mailbox_full"),
        ("GuestsWouldBeMailed", "guests_would_be_mailed"),
        ("NotTheOrganizer", "somebody_else_organizes"),
    ],
)
def test_mailbox_answers_compare_without_case(code: str, slug: str) -> None:
    fault = refusal(code, provider="microsoft365", fault_class=FaultClass.ACCESS)
    assert slug_of(cause_in_mailbox(fault, kind=None)) == slug


def test_a_sign_in_cause_names_the_service() -> None:
    fault = refusal("AADSTS50173", provider="microsoft365")
    cause = cause_in_mailbox(fault, kind=None)
    assert "Microsoft 365" in explain(cause.code, cause.params)


# --- without a known code ---------------------------------------------------


@pytest.mark.parametrize("side", list(Side))
@pytest.mark.parametrize("fault_class", list(FaultClass))
@pytest.mark.parametrize("kind", [None, *Kind])
def test_every_class_of_fault_has_a_cause_on_both_sides(
    side: Side, fault_class: FaultClass, kind: Kind | None
) -> None:
    fault = refusal("NEVER_HEARD_OF", provider="new", fault_class=fault_class)
    cause = classify(fault, kind=kind, side=side, verb="update")
    assert entry(cause.code).slug != "internal_error"


def test_an_unknown_refusal_shows_what_the_provider_said() -> None:
    cause = cause_in_crm(refusal("NEW_CODE", "The moon is full"))
    assert slug_of(cause) == "unclassified"
    assert cause.params["provider_code"] == "NEW_CODE"
    assert "The moon is full" in explain(cause.code, cause.params)


def test_a_refusal_about_one_item_never_stops_the_mailbox() -> None:
    for code in ("INSUFFICIENT_ACCESS", "FORBIDDEN", "INVALID_TYPE"):
        cause = cause_in_crm(refusal(code, fault_class=FaultClass.PERMISSION))
        assert not entry(cause.code).stops_mailbox


def test_a_refusal_of_a_whole_call_stops_the_mailbox() -> None:
    fault = refusal(
        "ErrorAccessDenied",
        provider="microsoft365",
        fault_class=FaultClass.PERMISSION,
    )
    cause = cause_in_mailbox(fault, kind=None)
    assert slug_of(cause) == "permission_denied_mailbox"
    assert entry(cause.code).stops_mailbox


def test_a_failed_mark_is_only_told() -> None:
    fault = refusal("ErrorInvalidRequest", provider="microsoft365")
    cause = classify(fault, kind=Kind.EVENT, side=Side.MAILBOX, verb="mark")
    assert slug_of(cause) == "mark_failed"
    assert entry(cause.code).is_quiet


def test_the_engine_names_its_causes_by_slug() -> None:
    cause = cause_of(
        "unknown_time_zone", {"zone": "Mars"}, kind=Kind.EVENT, side=Side.CRM
    )
    assert cause.params == {"thing": "event", "place": "Salesforce", "zone": "Mars"}
    with pytest.raises(KeyError):
        cause_of("no_such_slug")


# --- redaction and labels ---------------------------------------------------


@pytest.mark.parametrize(
    "secret",
    [
        "Bearer abc.def",
        "eyJ0eXAiOiJKV1Qi.eyJhdWQi.sig",
        "00D000000000001!AQcAQHdVx.something",
        "refresh_token=5Aep861TSESvWeug",
        "client_secret: hunter2hunter2",
        "A" * 60,
    ],
)
def test_secrets_are_redacted(secret: str) -> None:
    shown = redact(f"It failed with {secret} today")
    assert shown.startswith("It failed with …")
    for part in secret.split():
        assert part not in shown or part in ("Bearer",)


def test_long_reasons_are_shortened() -> None:
    assert len(redact("word " * 200)) <= 200


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("LastName", "Last name"),
        ("MailingPostalCode", "Mailing postal code"),
        ("Syncline_Attendees__c", "Syncline attendees"),
        ("WhoId", "Name"),
        ("emailAddresses", "Email addresses"),
        ("location.displayName", "Display name"),
    ],
)
def test_labels_are_readable(name: str, label: str) -> None:
    assert readable_label(name) == label


@given(
    code=st.text(),
    message=st.text(),
    fields=st.lists(st.text()).map(tuple),
    fault_class=st.sampled_from(FaultClass),
    kind=st.sampled_from([None, *Kind]),
    side=st.sampled_from(Side),
    provider=st.sampled_from(["salesforce", "microsoft365", ""]),
)
def test_no_answer_breaks_the_classification(
    *,
    code: str,
    message: str,
    fields: tuple[str, ...],
    fault_class: FaultClass,
    kind: Kind | None,
    side: Side,
    provider: str,
) -> None:
    fault = refusal(
        code, message, fields=fields, provider=provider, fault_class=fault_class
    )
    cause = classify(fault, kind=kind, side=side, verb="create")
    assert explain(cause.code, cause.params)
