"""Which cause each answer of Salesforce stands for.

StatusCodes, ExceptionCodes and newer REST codes that a sync can meet, and the
OAuth errors of the sign-in. Codes that no sync should meet are missing on
purpose: they are unclassified.
"""

from __future__ import annotations

PROVIDER = "salesforce"

#: Slug to answer codes.
CODES: dict[str, str] = {
    # Access: sign-in.
    "crm_access_lost": """
        INVALID_SESSION_ID INVALID_LOGIN LOGIN_MUST_USE_SECURITY_TOKEN
        MUTUAL_AUTHENTICATION_FAILED INVALID_AUTH_HEADER TXN_SECURITY_END_A_SESSION
        invalid_grant login_required
    """,
    "mfa_needed": """
        LOGIN_CHALLENGE_ISSUED LOGIN_CHALLENGE_PENDING TXN_SECURITY_TWO_FA_REQUIRED
        interaction_required
    """,
    "consent_missing": "consent_required access_denied",
    "password_expired": "INVALID_OPERATION_WITH_EXPIRED_PASSWORD",
    "account_disabled": "inactive_user",
    "account_locked": "PASSWORD_LOCKOUT",
    "org_inactive": "ORG_LOCKED TRIAL_EXPIRED inactive_org",
    "app_blocked": """
        CLIENT_NOT_ACCESSIBLE_FOR_USER invalid_app_access OAUTH_APP_BLOCKED
        OAUTH_APP_ACCESS_DENIED OAUTH_APPROVAL_ERROR_GENERIC
    """,
    "app_misconfigured": """
        INVALID_CLIENT invalid_client_id unauthorized_client
        redirect_uri_mismatch unsupported_grant_type invalid_scope invalid_request
        unsupported_response_type
    """,
    "login_restricted": """
        IP_RANGE_LIMIT_EXCEEDED LOGIN_DURING_RESTRICTED_DOMAIN
        LOGIN_DURING_RESTRICTED_TIME
    """,
    "security_policy": "TXN_SECURITY_NO_ACCESS KEY_HAS_BEEN_DESTROYED",
    # Access: permissions and licenses.
    "api_disabled": "API_DISABLED_FOR_ORG",
    "permission_denied_crm": """
        FORBIDDEN INSUFFICIENT_ACCESS APEX_DATA_ACCESS_RESTRICTION
        COMMUNITY_NOT_ACCESSIBLE INVALID_READ_ONLY_USER_DML NO_PARTNER_PERMISSION
        OP_WITH_INVALID_USER_TYPE_EXCEPTION PORTAL_NO_ACCESS
    """,
    "no_access_to_record": """
        CHILD_SHARE_FAILS_PARENT DELETE_REQUIRED_ON_CASCADE
        INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY REL_FIELD_BAD_ACCESSIBILITY
        SHARE_NEEDED_FOR_CHILD_OWNER
    """,
    "read_only_record": "INSUFFICIENT_ACCESS_OR_READONLY",
    "license_missing": """
        INVALID_PACKAGE_LICENSE LICENSE_LIMIT_EXCEEDED PACKAGE_LICENSE_REQUIRED
    """,
    # Set-up of the org.
    "object_hidden": "INVALID_TYPE ENTITY_NOT_QUERYABLE",
    "field_not_writable": """
        FIELD_NOT_UPDATABLE INVALID_FIELD INVALID_FIELD_FOR_INSERT_UPDATE
    """,
    "apex_failed": """
        APEX_ERROR APEX_TRIGGER_COUPLING_LIMIT CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY
        CUSTOM_APEX_ERROR ENTITY_SAVE_ERROR MIXED_DML_OPERATION
        SELF_REFERENCE_FROM_TRIGGER UNSUPPORTED_APEX_TRIGGER_OPERATON
    """,
    "flow_failed": """
        CANNOT_EXECUTE_FLOW_TRIGGER MAX_DEPTH_IN_FLOW_EXECUTION
        SELF_REFERENCE_FROM_FLOW
    """,
    "feature_off": """
        EMAIL_TO_CASE_NOT_ENABLED FUNCTIONALITY_NOT_ENABLED REQUIRED_FEATURE_MISSING
    """,
    "record_type_missing": "UNAVAILABLE_RECORDTYPE_EXCEPTION",
    "org_rule_broken": "INACTIVE_RULE_ERROR INVALID_ASSIGNMENT_RULE",
    "storage_full": "EXCEEDED_QUOTA STORAGE_LIMIT_EXCEEDED",
    "org_limit_reached": """
        CUSTOM_ENTITY_OR_FIELD_LIMIT CUSTOM_FIELD_INDEX_LIMIT_EXCEEDED
        CUSTOM_METADATA_LIMIT_EXCEEDED CUSTOM_SETTINGS_LIMIT_EXCEEDED
        EMAIL_TO_CASE_LIMIT_EXCEEDED LIMIT_EXCEEDED SINGLE_EMAIL_LIMIT_EXCEEDED
    """,
    "release_too_old": """
        CLIENT_REQUIRE_UPDATE_FOR_USER GONE UNSUPPORTED_API_VERSION UNSUPPORTED_CLIENT
    """,
    "wrong_question": """
        ARGUMENT_OBJECT_PARSE_ERROR CIRCULAR_OBJECT_GRAPH DUPLICATE_ARGUMENT_VALUE
        EXCEEDED_ID_LIMIT EXCEEDED_MAX_SEMIJOIN_SUBSELECTS EXCEEDED_MAX_SIZE_REQUEST
        EXCEEDED_MAX_SOBJECTS EXCEEDED_MAX_TYPES_LIMIT ILLEGAL_QUERY_PARAMETER_VALUE
        INVALID_ARGUMENT_TYPE INVALID_BATCH_OPERATION INVALID_BATCH_REQUEST
        INVALID_BATCH_SIZE INVALID_CONTENT_TYPE INVALID_EMPTY_KEY_OWNER
        INVALID_ENTITY_FOR_UPSERT INVALID_FILTER_LANGUAGE INVALID_FILTER_VALUE
        INVALID_ID_FIELD INVALID_INPUT INVALID_INPUT_COMBINATION
        INVALID_MULTIPART_REQUEST INVALID_PAGING_OPTION INVALID_QUERY_FILTER_OPERATOR
        INVALID_QUERY_SCOPE INVALID_SEARCH INVALID_SEARCH_SCOPE INVALID_SOAP_HEADER
        INVALID_SORT_OPTION INVALID_TYPE_FOR_OPERATION JSON_PARSER_ERROR MALFORMED_ID
        MALFORMED_QUERY MALFORMED_SEARCH METHOD_NOT_ALLOWED MISSING_ARGUMENT
        NOT_ACCEPTABLE ORG_NOT_OWNED_BY_INSTANCE POST_BODY_PARSE_ERROR
        QUERY_TOO_COMPLICATED TOO_MANY_RECORDS UNKNOWN_ORG_SETTING
        UNSUPPORTED_MEDIA_TYPE URI_TOO_LONG XML_PARSER_ERROR
    """,
    # Data of the record.
    "record_gone": "ENTITY_IS_DELETED MISSING_RECORD NOT_FOUND UNDELETE_FAILED",
    "duplicate_rule": "DUPLICATES_DETECTED",
    "too_many_records": "OPERATION_TOO_LARGE",
    "required_field_missing": "REQUIRED_FIELD_MISSING",
    "validation_rule": """
        ENTITY_SAVE_VALIDATION_ERROR FIELD_CUSTOM_VALIDATION_EXCEPTION
        FIELD_MODERATION_RULE_BLOCK
    """,
    "value_too_long": """
        CUSTOM_CLOB_FIELD_LIMIT_EXCEEDED MAX_TASK_DESCRIPTION_EXCEEEDED
        STRING_TOO_LONG
    """,
    "picklist_value": """
        INVALID_CURRENCY_ISO INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST
        TOO_MANY_ENUM_VALUE
    """,
    "invalid_email": "INVALID_EMAIL_ADDRESS ERROR_IN_MAILER UNSPECIFIED_EMAIL_ADDRESS",
    "number_out_of_range": "NUMBER_OUTSIDE_VALID_RANGE",
    "invalid_date": "INVALID_DATE_FORMAT",
    "inactive_owner": "INACTIVE_OWNER_OR_USER",
    "record_locked": "ALREADY_IN_PROCESS ENTITY_IS_LOCKED MANAGER_NOT_DEFINED",
    "record_archived": "ENTITY_IS_ARCHIVED",
    "converted_lead": "CANNOT_UPDATE_CONVERTED_LEAD",
    "still_in_use": """
        CANNOT_DELETE_ENTITY CANNOT_DELETE_OWNER DELETE_FAILED
        DELETE_OPERATION_TOO_LARGE DEPENDENCY_EXISTS HAS_PUBLIC_REFERENCES
    """,
    "item_too_big": """
        FILE_SIZE_LIMIT_EXCEEDED IMAGE_TOO_LARGE MAXIMUM_SIZE_OF_ATTACHMENT
        MAXIMUM_SIZE_OF_DOCUMENT
    """,
    "value_not_accepted": """
        CIRCULAR_DEPENDENCY FIELD_FILTER_VALIDATION_EXCEPTION
        FIELD_INTEGRITY_EXCEPTION INVALID_TYPE_ON_FIELD_IN_RECORD
        MAXIMUM_HIERARCHY_CHILDREN_REACHED MAXIMUM_HIERARCHY_LEVELS_REACHED
        MAXIMUM_HIERARCHY_TREE_SIZE_REACHED UNSAFE_HTML_CONTENT
    """,
    "unsupported_characters": "TEXT_DATA_OUTSIDE_SUPPORTED_CHARSET",
    "several_matches": "DUPLICATE_EXTERNAL_ID TOO_MANY_POSSIBLE_USERS_EXIST",
    "exists_already": "DUPLICATE_VALUE",
    "bounced_email": "EMAIL_ADDRESS_BOUNCED",
    "invalid_owner": """
        INVALID_OWNER INVALID_USERID NO_SUCH_USER_EXISTS TRANSFER_REQUIRES_READ
    """,
    "state_forbids_change": """
        CANNOT_REPARENT_RECORD INVALID_OPERATION INVALID_PERSON_ACCOUNT_OPERATION
        INVALID_STATUS MERGE_FAILED
    """,
    "attachment_refused": """
        FILE_EXTENSION_NOT_ALLOWED HTML_FILE_UPLOAD_NOT_ALLOWED
        NO_ATTACHMENT_PERMISSION UNSUPPORTED_ATTACHMENT_ENCODING
    """,
    "cross_reference_invalid": """
        INVALID_CROSS_REFERENCE_KEY INVALID_CROSS_REFERENCE_TYPE_FOR_FIELD
        INVALID_MESSAGE_ID_REFERENCE UNAVAILABLE_REF
    """,
    # Passing.
    "version_race": """
        COLLISION_DETECTED ENTITY_FAILED_IFLASTMODIFIED_ON_UPDATE MODIFIED
        PRECONDITION_FAILED
    """,
    "row_lock": "RECORD_IN_USE_BY_WORKFLOW UNABLE_TO_LOCK_ROW",
    "not_reached": """
        ALL_OR_NONE_OPERATION_ROLLED_BACK BATCH_PROCESSING_HALTED
        EMAIL_NOT_PROCESSED_DUE_TO_PRIOR_ERROR PROCESSING_HALTED
    """,
    "reading_restarted": """
        INVALID_LOCATOR INVALID_QUERY_LOCATOR INVALID_REPLICATION_DATE
    """,
    "concurrency": "TOO_MANY_APEX_REQUESTS rate_limit_exceeded slow_down",
    "allowance_spent": "REQUEST_LIMIT_EXCEEDED",
    "crm_unavailable": """
        API_CURRENTLY_DISABLED FUNCTIONALITY_TEMPORARILY_UNAVAILABLE
        INSERT_UPDATE_DELETE_NOT_ALLOWED_DURING_MAINTENANCE MATCH_SERVICE_ERROR
        MATCH_SERVICE_TIMED_OUT MATCH_SERVICE_UNAVAILABLE_ERROR ORG_IN_MAINTENANCE
        ORG_IS_SIGNING_UP PLATFORM_EVENT_PUBLISHING_UNAVAILABLE
        PLATFORM_EVENT_PUBLISH_FAILED QUERY_TIMEOUT REQUEST_RUNNING_TOO_LONG
        SERVER_UNAVAILABLE SSO_SERVICE_DOWN TERRITORY_REALIGN_IN_PROGRESS
        TXN_SECURITY_METERING_ERROR UNKNOWN_ATTACHMENT_EXCEPTION UNKNOWN_EXCEPTION
        server_error temporarily_unavailable unknown_error
    """,
}

#: Answer code (as Salesforce spells it) to slug.
SLUGS: dict[str, str] = {
    code: slug for slug, codes in CODES.items() for code in codes.split()
}

#: A code that means several things: the first phrase found in the text decides.
#: Sign-in texts are English for everybody; field names are names.
PHRASES: dict[str, tuple[tuple[str, str], ...]] = {
    "invalid_grant": (
        ("expired access/refresh token", "sign_in_expired"),
        ("expired authorization code", "sign_in_expired"),
        ("invalid login hours", "login_restricted"),
        ("ip restricted", "login_restricted"),
        ("approved this consumer", "consent_missing"),
        ("audience is invalid", "app_misconfigured"),
        ("invalid assertion", "app_misconfigured"),
        ("user is inactive", "account_disabled"),
    ),
    "INVALID_FIELD": (("syncline_", "key_field_missing"),),
    "INVALID_FIELD_FOR_INSERT_UPDATE": (("syncline_id__c", "key_field_missing"),),
    "NOT_FOUND": (("external id field", "key_field_missing"),),
    "REQUEST_LIMIT_EXCEEDED": (("concurrent", "concurrency"),),
    "FORBIDDEN": (("connected app", "app_blocked"),),
}
