"""The names of what Longhaul keeps of jobs in Redis, database 1.

The braces are part of a name: Redis Cluster keeps what has the same text between braces in one slot, so that
one script may change it in one step.
"""

from typing import Final

# Sorted set of jobs that have not been concluded, scored by when they were created.
OPEN_KEY: Final = "jobs:open"
# Sorted set of jobs that have been, scored by when: what is live of them goes a few minutes later.
ENDED_KEY: Final = "jobs:ended"


def parent_of(job_id: str) -> str:
    """Return the id of the job that a batch belongs to; a job is its own."""
    return job_id.partition(".")[0]


def _slotted(job_id: str) -> str:
    """Return an id with braces around what decides its slot in a Redis Cluster."""
    job, dot, batch = job_id.partition(".")
    return f"{{{job}}}{dot}{batch}"


def record_key(job_id: str) -> str:
    """Return the key of a job's record."""
    return f"job:{_slotted(job_id)}"


def live_key(job_id: str) -> str:
    """Return the key that exists while a worker runs the job; its value is the worker's name."""
    return f"job:{_slotted(job_id)}:live"


def meta_key(job_id: str) -> str:
    """Return the key of Celery's result of a job."""
    return f"celery-task-meta-{_slotted(job_id)}"


def tally_key(job_id: str) -> str:
    """Return the key of the hash that counts what the batches of a job have done."""
    return f"job:{_slotted(job_id)}:tally"


def busy_key(job_id: str) -> str:
    """Return the key of the set of a job's batches that run now, by number."""
    return f"job:{_slotted(job_id)}:busy"


def owner_key(owner: str) -> str:
    """Return the key of the sorted set of an owner's jobs, scored by when they were created."""
    return f"jobs:owner:{owner}"


def changes_key(owner: str) -> str:
    """Return the key of the sorted set of an owner's jobs by their last change, and of the channel of it."""
    return f"jobs:changes:{{{owner}}}"


def changes_state_key(owner: str) -> str:
    """Return the key of the hash that tells how far that set reaches: see `jobs/changes.py`."""
    return f"{changes_key(owner)}:state"


def session_key(session: str) -> str:
    """Return the key of the set of a session's jobs."""
    return f"jobs:session:{session}"


def waiting_key(queue: str) -> str:
    """Return the key of the sorted set of what waits in a queue, scored by when it was put there."""
    return f"waiting:{queue}"


def turns_key(queue: str, owner: str) -> str:
    """Return the key of the sorted set of an owner's jobs that are in a queue or run, by when they came."""
    return f"turns:{{{queue}:{owner}}}"


def held_key(queue: str, owner: str) -> str:
    """Return the key of the sorted set of an owner's jobs that are held back until others have ended."""
    return f"held:{{{queue}:{owner}}}"


def writer_key(owner: str, index: str) -> str:
    """Return the key that says which job writes an owner's index that machines share."""
    return f"index:{owner}:{index}:writer"


def index_key(owner: str, index: str) -> str:
    """Return the key of the sorted set of jobs on their way to an owner's index, by when they came."""
    return f"index:{owner}:{index}:jobs"
