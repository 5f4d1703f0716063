"""Looking at a job until it is where a test wants it."""

from typing import Any

from tests.containers.service_process import ServiceProcess
from tests.support.waiting import until


def watch(service: ServiceProcess, job_id: str, seconds: float = 90) -> list[dict[str, Any]]:
    """Return the job's different looks until it has ended."""
    seen: list[dict[str, Any]] = []

    def ended() -> bool:
        now = service.status(job_id)
        if not seen or seen[-1] != now:
            seen.append(now)
        return bool(now["done"])

    until(ended, seconds=seconds, what=f"the end of {job_id}")
    return seen


def wait_for_the_middle(service: ServiceProcess, job_id: str) -> None:
    """Return when a part of the job is done and a part is not."""

    def half_way() -> bool:
        now = service.status(job_id)
        assert not now["done"], f"ended before anything could happen to it: {now}"
        return bool(now["state"] == "PROGRESS" and now["progress"] > 0)

    until(half_way, seconds=60, what=f"the middle of {job_id}")
