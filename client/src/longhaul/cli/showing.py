"""A job in words, on stdout."""

import sys

from longhaul.cli.plain import emit, pairs, safe, say, size, tell
from longhaul.jobs import Job
from longhaul.models import JobState

MOST_PROBLEMS = 10


def ended(job: Job, *, as_json: bool) -> None:
    """Show the outcome of a job that has just ended, and what may be done next."""
    if as_json:
        emit(job.state.raw)
        return
    outcome(job.state)
    if job.kind == "analysis" and "report" in job.state.links:
        tell(
            f"\nMore: longhaul show {job.id}   Files: longhaul get {job.id}   Report: longhaul open {job.id}"
        )


def started(job: Job, *, as_json: bool) -> None:
    """Show a job that was started and is not waited for."""
    if as_json:
        emit(job.state.raw)
        return
    say(job.id)
    tell(f"Watch it: longhaul watch {job.id}")


def outcome(state: JobState) -> None:
    """Write what a job has found, in a few lines."""
    summary = state.summary
    if state.kind == "analysis" and "headline" in summary:
        say(safe(summary["headline"]))
        if summary.get("apa"):
            say(safe(summary["apa"]))
    elif state.kind == "indexing" and "indexed" in summary:
        _indexed(state)
    elif summary:
        pairs({name: value for name, value in summary.items() if isinstance(value, str | int | float)})


def _indexed(state: JobState) -> None:
    summary = state.summary
    names = ("indexed", "unchanged", "skipped", "failed", "duplicate", "removed")
    counts = ", ".join(f"{summary.get(name, 0)} {name}" for name in names if summary.get(name))
    say(f"Index {safe(summary['index'])}: {counts or 'nothing to do'} ({size(summary['index_bytes'])})")
    for problem in summary.get("problems", ())[:MOST_PROBLEMS]:
        reason = problem.get("detail") or problem["reason"]
        say(f"  {safe(problem['path'])}: {safe(problem['status'])}, {safe(reason)}")
    for warning in summary.get("warnings", ()):
        say(f"  {safe(warning)}")


def whole(job: Job) -> None:
    """Write all that people want to know of a job."""
    state = job.state
    waits = None
    if state.queue is not None:
        waits = f"{state.queue.name}, number {state.queue.position or '?'}, {state.queue.workers} workers"
    pairs(
        {
            "job": state.id,
            "kind": state.kind,
            "status": state.status + (f" ({state.reason})" if state.reason else ""),
            "progress": f"{state.progress:.1f} %",
            "doing": None if state.done else state.message,
            "queue": waits,
            "created": local_time(state.created_at),
            "finished": local_time(state.finished_at),
            "kept until": local_time(state.expires_at),
            "why": state.why,
        }
    )
    if not state.succeeded:
        return
    say()
    outcome(state)
    if state.kind == "analysis" and "results" in state.links and state.summary.get("project"):
        answer = job.answer
        for title, texts in (("In more words", answer.paragraphs), ("Keep in mind", answer.caveats)):
            if texts:
                say(f"\n{title}")
                sys.stdout.write("".join(f"- {safe(text)}\n" for text in texts))


def local_time(moment: object) -> str | None:
    """Return a time as people here read it."""
    shown = getattr(moment, "astimezone", None)
    return f"{shown():%Y-%m-%d %H:%M}" if shown else None
