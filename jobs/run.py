"""What the body of a job's task is given: the values of one run."""

from dataclasses import dataclass
from typing import Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from jobs import sessions
from jobs.journal import Journal
from jobs.progress import Report
from jobs.records import Only
from jobs.session import Session
from jobs.webhooks.models import Webhook

P = TypeVar("P", bound="Params")


class Params(BaseModel):
    """What a user may say to a kind; unknown members are refused by name."""

    # The input may hold the secret of a webhook; no error repeats it.
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    session: str | None = None
    webhook: Webhook | None = Field(None, description="Where to tell of the job's end.")


@dataclass(frozen=True)
class Run(Generic[P]):
    """One run of a job, as its task's body sees it.

    `only` is "failed" when a user tries again just what failed in the job `retry_of`. `batch` is the number
    of the batch that this run is, if it is one.
    """

    job_id: str
    owner: str
    params: P
    attempt: int
    only: Only
    retry_of: str | None
    report: Report
    journal: Journal
    batch: int | None = None

    @property
    def session(self) -> Session:
        """The session that the job works in."""
        return sessions.find(self.owner, self.params.session or "")
