"""Finds the resource that a call of the REST API names."""

from __future__ import annotations

from collections.abc import Callable

from syncline.sandbox.salesforce.calls import Answer, Call, path_parts
from syncline.sandbox.salesforce.faults import RefusedError, not_found, refuse
from syncline.sandbox.salesforce.routes import (
    collections,
    composite,
    describe,
    limits,
    listviews,
    query,
    replication,
    sobjects,
    versions,
)

#: A handler takes the call and the `*` parts of its path.
Handler = Callable[..., Answer]


def _composite(call: Call) -> Answer:
    return composite.run_composite(_outer(call), dispatch)


def _batch(call: Call) -> Answer:
    return composite.run_batch(_outer(call), dispatch)


def _outer(call: Call) -> Call:
    if call.inner:
        text = "A composite request cannot contain another one."
        raise refuse("INVALID_BATCH_REQUEST", text)
    return call


#: Path below the version -> method -> handler; `*` is any one part.
RESOURCES: dict[tuple[str, ...], dict[str, Handler]] = {
    (): {"GET": versions.resources},
    ("limits",): {"GET": limits.limits},
    ("query",): {"GET": query.run_query},
    ("queryAll",): {"GET": query.run_query_all},
    ("query", "*"): {"GET": query.next_page},
    ("queryAll", "*"): {"GET": query.next_page},
    ("composite",): {"POST": _composite},
    ("composite", "batch"): {"POST": _batch},
    ("composite", "sobjects"): {
        "POST": collections.create,
        "PATCH": collections.update,
        "DELETE": collections.delete,
    },
    ("composite", "sobjects", "*"): {
        "GET": collections.retrieve,
        "POST": collections.retrieve,
    },
    ("composite", "sobjects", "*", "*"): {"PATCH": collections.upsert},
    ("sobjects",): {"GET": describe.describe_global},
    ("sobjects", "*"): {"GET": describe.describe_basic, "POST": sobjects.create},
    ("sobjects", "*", "describe"): {"GET": describe.describe},
    ("sobjects", "*", "updated"): {"GET": replication.updated},
    ("sobjects", "*", "deleted"): {"GET": replication.deleted},
    ("sobjects", "*", "*", "fromThisEventOnwards"): {
        "DELETE": sobjects.delete_onwards,
    },
    ("sobjects", "ContentVersion", "*", "VersionData"): {
        "GET": sobjects.read_bytes,
    },
    ("sobjects", "*", "listviews"): {"GET": listviews.list_views},
    ("sobjects", "*", "listviews", "*"): {"GET": listviews.read_view},
    ("sobjects", "*", "listviews", "*", "describe"): {"GET": listviews.describe_view},
    ("sobjects", "*", "listviews", "*", "results"): {"GET": listviews.run_view},
    ("sobjects", "*", "*"): {
        "GET": sobjects.read,
        "PATCH": sobjects.update,
        "DELETE": sobjects.delete,
    },
    ("sobjects", "*", "*", "*"): {
        "GET": sobjects.read_by_key,
        "PATCH": sobjects.upsert,
        "DELETE": sobjects.delete_by_key,
    },
}


def dispatch(call: Call) -> Answer:
    """Answer a call; a refusal becomes an answer too."""
    try:
        versions.check_version(call.version)
        return _run(call)
    except RefusedError as error:
        return Answer(error.status, error.body)


def _run(call: Call) -> Answer:
    parts = path_parts(call.path)
    for pattern, by_method in RESOURCES.items():
        if not _fits(pattern, parts):
            continue
        handler = by_method.get(call.method)
        if handler is None:
            allowed = ",".join(by_method)
            text = f"HTTP Method '{call.method}' not allowed. Allowed are {allowed}"
            raise refuse("METHOD_NOT_ALLOWED", text)
        wild = [part for want, part in zip(pattern, parts, strict=True) if want == "*"]
        return handler(call, *wild)
    raise not_found()


def _fits(pattern: tuple[str, ...], parts: list[str]) -> bool:
    if len(pattern) != len(parts):
        return False
    return all(w in ("*", p) for w, p in zip(pattern, parts, strict=True))
