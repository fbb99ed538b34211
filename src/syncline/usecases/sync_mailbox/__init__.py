"""Run one session: bring one mailbox and Salesforce into step.

    acquire the lease
      round: observe -> pair -> reconcile -> plan -> (brake) -> carry out -> mark
      ... until a round writes nothing
    conclude: result, standing, next run

Every write is followed by a commit that checks the lease; the watermarks move
only with the last commit of a round, after every outcome is stored.
"""

from syncline.usecases.sync_mailbox.session import SyncMailbox

__all__ = ["SyncMailbox"]
