"""Find the Salesforce records that a text points to (reference 3.8-3)."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

#: What an activity can be related to, by the first three characters of its id
#: (facts: salesforce.md, 12): account, opportunity, case.
_RELATED = ("001", "006", "500")
_LINK = re.compile(
    r"https://([a-z0-9-]+)[a-z0-9.-]*/(?:lightning/r/)?(?:[A-Za-z_]+/)?"
    r"([a-zA-Z0-9]{15}(?:[a-zA-Z0-9]{3})?)(?![a-zA-Z0-9])"
)


def related_record(text: str, instance_url: str) -> str:
    """Id of the first account, opportunity or case of this org that a text links to.

    Other orgs' links are somebody else's business. An org's pages stand on several
    hosts that begin alike.
    """
    own = (urlsplit(instance_url).hostname or "").partition(".")[0]
    for host, record_id in _LINK.findall(text):
        if host == own and record_id.startswith(_RELATED):
            return str(record_id)
    return ""
