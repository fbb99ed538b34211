"""The queue, the schedule and the worker. A job names a use case, no more.

    page: a wish, due now      end of a session: due later
          |                          |
          +---------- tick ----------+   every second, in each worker
                       |
                    enqueue              one job per mailbox, waiting or running
                       |
                    worker ---- sync(mailbox, is asked)
                       |
          done / busy: again soon / asked meanwhile: again now

A killed worker's jobs are picked up by the others when their heartbeat is ten
seconds old. The lease of the mailbox, not the queue, keeps two sessions apart.
"""
