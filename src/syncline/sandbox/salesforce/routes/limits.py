"""`/limits`: what is left of the org's allowances."""

from __future__ import annotations

from syncline.sandbox.salesforce.calls import Answer, Call
from syncline.sandbox.salesforce.files import BYTES_A_MEGABYTE, used_bytes

DATA_STORAGE_MB = 1024


def limits(call: Call) -> Answer:
    """The daily calls and storage of the org."""
    most = call.org.settings.daily_api_requests
    left = max(0, most - call.org.used_calls)
    settings = call.org.settings
    data_left = 0 if settings.is_data_storage_full else DATA_STORAGE_MB
    used_mb = -(-used_bytes(call.org) // BYTES_A_MEGABYTE)
    files_left = max(0, settings.file_storage_mb - used_mb)
    body = {
        "DailyApiRequests": {"Max": most, "Remaining": left},
        "DataStorageMB": {"Max": DATA_STORAGE_MB, "Remaining": data_left},
        "FileStorageMB": {"Max": settings.file_storage_mb, "Remaining": files_left},
        "DailyBulkV2QueryJobs": {"Max": 10_000, "Remaining": 10_000},
        "HourlyPublishedStandardVolumePlatformEvents": {
            "Max": 1000,
            "Remaining": 1000,
        },
    }
    return Answer(body=body)
