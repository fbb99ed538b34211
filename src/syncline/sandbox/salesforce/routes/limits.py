"""`/limits`: what is left of the org's allowances."""

from __future__ import annotations

from syncline.sandbox.salesforce.calls import Answer, Call

DATA_STORAGE_MB = 1024


def limits(call: Call) -> Answer:
    """The daily calls and storage of the org."""
    most = call.org.settings.daily_api_requests
    left = max(0, most - call.org.used_calls)
    storage = {"Max": DATA_STORAGE_MB, "Remaining": DATA_STORAGE_MB}
    body = {
        "DailyApiRequests": {"Max": most, "Remaining": left},
        "DataStorageMB": storage,
        "FileStorageMB": storage,
        "DailyBulkV2QueryJobs": {"Max": 10_000, "Remaining": 10_000},
        "HourlyPublishedStandardVolumePlatformEvents": {
            "Max": 1000,
            "Remaining": 1000,
        },
    }
    return Answer(body=body)
