"""Questions on tables: `client.analyses`."""

from collections.abc import Mapping, Sequence
from typing import Any

from longhaul.errors import UnusableData
from longhaul.jobs import Job, Jobs
from longhaul.sessions import Sent, Sessions, silent
from longhaul.uploads import table


class Analyses:
    """Analyses of tables, by a question in plain words or by the name of a method."""

    def __init__(self, jobs: Jobs, sessions: Sessions) -> None:
        self._jobs = jobs
        self._sessions = sessions

    def create(  # noqa: PLR0913 - all that may be said of an analysis, by name
        self,
        data: Any = None,
        question: str | None = None,
        *,
        method: str | None = None,
        columns: Mapping[str, str | Sequence[str]] | None = None,
        params: Mapping[str, float | str] | None = None,
        where: Mapping[str, Any] | None = None,
        confidence: float | None = None,
        sheet: str | None = None,
        name: str | None = None,
        session: str | None = None,
        file: str | None = None,
        dry_run: bool = False,
        told: Sent = silent,
    ) -> Job:
        """Send a table, start an analysis of it, and return the job.

        Parameters
        ----------
        data : path, bytes or DataFrame, optional
            The table; what is on the disk is streamed. A DataFrame of pandas or polars goes as Parquet.
        question : text, optional
            In plain words. Without one, and without `method`, the table is described.
        method, columns, params
            What exactly to compute: the name of a method, role to column, and the values that it needs.
        where : mapping, optional
            Only these rows: column to a value, a list of values, or a comparison.
        confidence : float in [0.5, 0.999], optional
            Coverage of the intervals, 0.95 by default.
        sheet : text, optional
            Of a workbook.
        name : text, optional
            What the table is called, where `data` has no name of its own.
        session, file : text, optional
            In place of `data`: a table that was sent before. Several questions of one session are corrected
            for their number.
        dry_run : bool
            Plan only; the results tell what would be computed.
        told : callable, optional
            Is told how the upload goes.

        Raises
        ------
        UnusableData
            The table cannot be sent.
        Invalid, NotFound
            The service refuses: the text says what to change.
        """
        if (data is None) == (session is None):
            raise UnusableData("Give either `data`, a table, or `session`, one that was sent before.")
        asked: dict[str, Any] = {
            "question": question,
            "method": method,
            "columns": columns,
            "params": params,
            "where": where,
            "confidence": confidence,
            "sheet": sheet,
            "dry_run": dry_run or None,
        }
        if data is not None:
            with table(data, name) as upload:
                session, file = self._sessions.create([upload], told=told).id, upload.name
        asked |= {"session": session, "file": file}
        return self._jobs.create(
            "analysis", {name: value for name, value in asked.items() if value is not None}
        )
