"""Jobs: look, wait, take away what they found, cancel, try again."""

import uuid
from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Literal, get_args

from longhaul import jupyter
from longhaul.downloads import checked_file_name, download
from longhaul.errors import JobFailed, NotFound, NotReady, Problem
from longhaul.models import JobState, job_state
from longhaul.outcome import Answer, Figure, Figures, Report, Table, answer_of, table_of
from longhaul.transport import Call, Transport, Trouble, document, path
from longhaul.waiting import PATIENCE_SECONDS, changes

OnProgress = Callable[[JobState], object]
Part = Literal["results", "report", "script", "figures"]
PARTS: tuple[Part, ...] = get_args(Part)
LINKS: Mapping[Part, str] = {"results": "results", "report": "report", "script": "script", "figures": "plots"}


class Job:
    """A job, and how it looked when it was last read (`state`).

    `answer`, `table`, `figures`, `script`, `report` and `results` are there once an analysis has ended, and
    are fetched when they are asked for. Those of them that a job does not have raise NotFound.
    """

    def __init__(self, transport: Transport, state: JobState) -> None:
        self._transport = transport
        self._results: Mapping[str, Any] | None = None
        self.state = state

    @property
    def id(self) -> str:
        """The id, in every place where the job is seen."""
        return self.state.id

    @property
    def kind(self) -> str:
        """The kind of job: `analysis`, `indexing`."""
        return self.state.kind

    @property
    def status(self) -> str:
        """How it stood when it was last read."""
        return self.state.status

    @property
    def done(self) -> bool:
        """Whether it had ended when it was last read."""
        return self.state.done

    @property
    def progress(self) -> float:
        """Percent that were done when it was last read."""
        return self.state.progress

    @property
    def session(self) -> str | None:
        """The session that it works on."""
        return self.state.session

    def refresh(self) -> "Job":
        """Look again; return the job itself."""
        self.state = job_state(self._transport.read(path("jobs", self.id)))
        return self

    def changes(
        self,
        timeout: float | None = None,
        *,
        patience: float = PATIENCE_SECONDS,
        trouble: Trouble | None = None,
    ) -> Iterator[JobState]:
        """Yield how the job looks now and at each change, until it has ended; see `wait`."""
        for state in changes(self._transport, self.id, timeout=timeout, patience=patience, trouble=trouble):
            self.state = state
            yield state

    def wait(
        self,
        on_progress: OnProgress | None = None,
        timeout: float | None = None,
        *,
        patience: float = PATIENCE_SECONDS,
        trouble: Trouble | None = None,
    ) -> "Job":
        """Wait until the job has ended; return the job itself.

        Parameters
        ----------
        on_progress : callable, optional
            Is given the job's state now and at each change.
        timeout : float, optional
            Seconds after which to stop waiting; the job goes on.
        patience : float
            Seconds for which the service may be away, as while it is started anew.
        trouble : callable, optional
            Is told in words whenever the service does not answer.

        Raises
        ------
        JobFailed
            It ended without results.
        WaitTimeout
            It has not ended in time.
        """
        for state in self.changes(timeout, patience=patience, trouble=trouble):
            if on_progress is not None:
                on_progress(state)
        if not self.state.succeeded:
            raise JobFailed(self.state)
        return self

    def cancel(self) -> "Job":
        """Stop the job: at once while it waits, else once its run has stopped. Asking twice is no fault."""
        call = Call("POST", path("jobs", self.id, "cancel"), body={}, repeatable=True)
        self.state = job_state(document(self._transport.send(call)))
        return self

    def retry(self, only: Literal["all", "failed"] = "all") -> "Job":
        """Try a job again that has ended, all of it or the files that failed; return the new job."""
        call = Call("POST", path("jobs", self.id, "retry"), body={"only": only})
        return Job(self._transport, job_state(document(self._transport.send(call))))

    def delete(self) -> None:
        """Remove a job that has ended, with all that it has made."""
        self._transport.send(Call("DELETE", path("jobs", self.id)))

    @property
    def results(self) -> Mapping[str, Any]:
        """All that the job found, every number in full precision."""
        if self._results is None:
            self._results = self._transport.read(self._link("results"))
        return self._results

    @property
    def answer(self) -> Answer:
        """The answer in words."""
        return answer_of(self._analysis(), self.state.summary)

    @property
    def table(self) -> Table:
        """What was counted and measured: a row for each group, cell or column."""
        return table_of(self._analysis())

    @property
    def script(self) -> str:
        """The Python program that computes the numbers again without Longhaul."""
        return self._transport.send(Call("GET", self._link("script"))).text

    @property
    def report(self) -> Report:
        """The report, as a page and as Markdown."""
        address = self._link("report")
        markdown = self._transport.send(Call("GET", address, (("format", "md"),)))
        return Report(self._transport.send(Call("GET", address)).text, markdown.text)

    @property
    def figures(self) -> Figures:
        """The figures, that of the answer first."""
        folder = self._link("plots")
        return Figures(tuple(self._figure(folder, plot) for plot in self.results.get("plots") or ()))

    def _figure(self, folder: str, plot: Mapping[str, Any]) -> Figure:
        names = {kind: checked_file_name(file.rpartition("/")[2]) for kind, file in plot["files"].items()}

        def address(kind: str) -> str:
            return f"{folder}/{path(names[kind]).rpartition('/')[2]}"

        return Figure(
            id=str(plot["id"]),
            title=str(plot["title"]),
            alt=str(plot["alt"]),
            formats=tuple(names),
            _fetch=lambda kind: self._transport.send(Call("GET", address(kind))).content,
            _save=lambda kind, target: download(self._transport, address(kind), target),
        )

    def files(self, **filters: str) -> Iterator[Mapping[str, Any]]:
        """Yield what became of each file of an indexing job, by path, also while it runs.

        Filters are `status`, `reason`, `ext`, and `q`, a part of the path.
        """
        return self._transport.pages(path("jobs", self.id, "files"), tuple(filters.items()))

    def download(self, to: str | Path, parts: Collection[Part] = PARTS) -> list[Path]:
        """Fetch what the job has left into the folder `to`; return the files.

        Parameters
        ----------
        parts : collection of "results", "report", "script", "figures"
            What of it; a part that the job does not have is left out.
        """
        self._succeeded()
        folder = Path(to).expanduser()
        wanted = [part for part in PARTS if part in parts and LINKS[part] in self.state.links]
        sources = [source for part in wanted for source in self._sources(part)]
        return [download(self._transport, address, folder / name) for name, address in sources]

    def _sources(self, part: Part) -> list[tuple[str, str]]:
        """Return the files of a part: their names, and where they are."""
        address = self.state.links[LINKS[part]]
        if part == "figures":
            found = self._transport.read(address)["items"]
            return [(f"plots/{checked_file_name(str(one['name']))}", str(one["href"])) for one in found]
        if part == "report":
            return [("report.html", address), ("report.md", f"{address}?format=md")]
        return [("results.json" if part == "results" else "script.py", address)]

    def _succeeded(self) -> None:
        if not self.state.done:
            self.refresh()
        if not self.state.done:
            detail = f"The job is {self.status}: wait for it first."
            raise NotReady(Problem("The results are not ready", 409, detail, "results-not-ready"))
        if not self.state.succeeded:
            raise JobFailed(self.state)

    def _analysis(self) -> Mapping[str, Any]:
        """Return the results of an analysis; those of another kind, or of a dry run, hold no answer."""
        if "interpretation" not in self.results:
            raise NotFound(Problem("Not found", 404, "This job has no answer.", "not-found"))
        return self.results

    def _link(self, name: str) -> str:
        self._succeeded()
        if name not in self.state.links:
            raise NotFound(Problem("Not found", 404, f"This job has no {name}.", "not-found"))
        return self.state.links[name]

    def __repr__(self) -> str:
        return f"<Job {self.id} {self.kind} {self.status} {self.progress:.1f} %>"

    def _repr_html_(self) -> str:
        return jupyter.job_html(self.state)


class Jobs:
    """The jobs of a user: `client.jobs`."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def get(self, job_id: str) -> Job:
        """Return a job.

        Raises
        ------
        NotFound
            There is none of this id, or it is somebody else's.
        """
        return Job(self._transport, job_state(self._transport.read(path("jobs", job_id))))

    def list(
        self,
        *,
        status: str | Collection[str] = (),
        kind: str | None = None,
        session: str | None = None,
        created_after: datetime | None = None,
    ) -> Iterator[Job]:
        """Yield your jobs, newest first, page by page as they are taken.

        Parameters
        ----------
        status : text or collection of texts
            Such as `queued` and `running`.
        created_after : datetime, optional
            With a zone.
        """
        statuses = status if isinstance(status, str) else ",".join(status)
        after = created_after.isoformat() if created_after else None
        given = {"status": statuses, "kind": kind, "session": session, "created_after": after}
        query = tuple((name, value) for name, value in given.items() if value)
        for one in self._transport.pages(path("jobs"), query):
            yield Job(self._transport, job_state(one))

    def create(self, kind: str, params: Mapping[str, Any]) -> Job:
        """Start a job of any kind; sent again after a failure it is still one job."""
        call = Call("POST", path("jobs", kind), body=params, headers={"Idempotency-Key": str(uuid.uuid4())})
        return Job(self._transport, job_state(document(self._transport.send(call))))
