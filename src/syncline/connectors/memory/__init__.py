"""Both sides in memory: the shipped fake of a mailbox and of Salesforce.

It passes the contract suites that the real connectors pass, so what is tried on
it holds for them.
"""

from syncline.connectors.memory.crm import MemoryCrm
from syncline.connectors.memory.mailbox import MemoryMailbox

__all__ = ["MemoryCrm", "MemoryMailbox"]
