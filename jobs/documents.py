"""What an indexing job is asked, and the folders and sources that this means."""

from contextlib import suppress
from pathlib import Path, PurePosixPath
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from jobs import folders, index_care, sessions
from jobs.errors import BadInput, LonghaulError
from jobs.indexing.sources.globs import MOST_PATTERNS, Choice, check_pattern
from jobs.indexing.sources.order import Order, Place
from jobs.run import Params, Run
from jobs.session import Session

SESSIONS = "session:"  # what the sources begin with that are sessions
MOST_SOURCES = 100
IfRunning = Literal["wait", "join", "refuse"]


def _checked(pattern: str) -> str:
    try:
        return check_pattern(pattern)
    except BadInput as error:
        raise ValueError(str(error)) from error


Pattern = Annotated[str, AfterValidator(_checked)]


class Source(BaseModel):
    """Where documents come from: one of the two."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    folder: str | None = Field(None, max_length=4096, description="A server folder: root/path below it.")
    session: str | None = Field(None, max_length=64, description="The uploads of a session.")

    @model_validator(mode="after")
    def _one(self) -> "Source":
        if (self.session is None) == (self.folder is None):
            raise ValueError("give either `session` or `folder`, one of the two")
        return self

    @property
    def name(self) -> str:
        """What an index calls it."""
        if self.session is not None:
            return f"{SESSIONS}{self.session}"
        return f"folder:{PurePosixPath((self.folder or '').strip('/'))}"


class IndexingParams(Params):
    """What to index, and into which index."""

    index: str = Field(pattern=folders.INDEX_NAME, description="The index's name, your own.")
    folder: str | None = Field(None, max_length=4096, description="A server folder: root/path below it.")
    sources: tuple[Source, ...] | None = Field(
        None,
        min_length=1,
        max_length=MOST_SOURCES,
        description="Several of them at once, instead of `folder` or `session`.",
    )
    all_sessions: bool = Field(
        False, description="The uploads of all your sessions; those that are removed leave the index."
    )
    mode: Literal["incremental", "full"] = Field(
        "incremental", description="Unchanged files are skipped, or not."
    )
    remove_deleted: bool = Field(True, description="Whether files that are gone leave the index too.")
    include: tuple[Pattern, ...] = Field(
        (),
        max_length=MOST_PATTERNS,
        description="Only files that one of these patterns names: *.pdf, 2026/**.",
    )
    exclude: tuple[Pattern, ...] = Field(
        (), max_length=MOST_PATTERNS, description="No file that one of these patterns names: drafts/."
    )
    dry_run: bool = Field(
        False,
        description="Change nothing: the results tell what would be added, changed, removed and refused, and "
        "how long it would take. Goes without `webhook`.",
    )
    if_running: IfRunning = Field(
        "wait",
        description="When another job writes this index: wait for its end; join it, if it does the same; or "
        "refuse.",
    )

    @model_validator(mode="after")
    def _one_way_to_say_it(self) -> "IndexingParams":
        given = (
            self.session is not None,
            self.folder is not None,
            self.sources is not None,
            self.all_sessions,
        )
        if sum(given) != 1:
            raise ValueError(
                "give either `session` (your uploads), `folder` (a server folder), `sources` (several of "
                "both) or `all_sessions`, one of the four"
            )
        names = [source.name for source in self.sources or ()]
        if twice := sorted({name for name in names if names.count(name) > 1}):
            raise ValueError(f"a source is given more than once: {', '.join(twice)}")
        return self

    @model_validator(mode="after")
    def _a_dry_run_tells_no_webhook(self) -> "IndexingParams":
        if self.dry_run and self.webhook is not None:
            raise ValueError("a dry run is waited for and calls no webhook: leave `webhook` out of it")
        return self

    @property
    def given_sources(self) -> tuple[Source, ...]:
        """The sources that are named one by one."""
        if self.all_sessions:
            return ()
        return self.sources or (Source(folder=self.folder, session=self.session),)

    @property
    def source_name(self) -> str:
        """What the sources are called together."""
        if self.all_sessions:
            return f"{SESSIONS}*"
        return ", ".join(source.name for source in self.given_sources)

    def covers(self, source: str) -> bool:
        """Tell whether files of this source are of such a job."""
        if self.all_sessions:
            return source.startswith(SESSIONS)
        return any(source == one.name for one in self.given_sources)


def places(owner: str, params: IndexingParams) -> tuple[Place, ...]:
    """Return where the documents lie, and how an index calls those places.

    Raises
    ------
    LonghaulError
        A session or a folder does not exist for this user.
    """
    if params.all_sessions:
        found = (sessions.find(owner, manifest.id) for manifest in sessions.of_owner(owner))
        return tuple(Place(session.files, session.source) for session in found)
    return tuple(_place(owner, source) for source in params.given_sources)


def _place(owner: str, source: Source) -> Place:
    if source.session is not None:
        return Place(sessions.find(owner, source.session).files, source.name)
    return Place(folders.server_folder(source.folder or ""), source.name)


def brought_places(owner: str, params: IndexingParams) -> list[Place]:
    """Return where the documents lie, with all that was uploaded on this machine.

    Raises
    ------
    LonghaulError
        As from `places`.
    """
    return [_brought(place) for place in places(owner, params)]


def _brought(place: Place) -> Place:
    """Have all files of a session here that are to be read; server folders are on every machine."""
    if place.source.startswith(SESSIONS):
        Session(place.root.parent).bring(place.root)
    return place


def reach(owner: str, source: str) -> Path | None:
    """Return the folder of a source that an index names, None where it cannot be reached any more."""
    kind, _, name = source.partition(":")
    with suppress(LonghaulError, ValidationError):
        named = Source(session=name) if f"{kind}:" == SESSIONS else Source(folder=name)
        return _brought(_place(owner, named)).root
    return None


def order_of(run: Run[IndexingParams]) -> Order:
    """Return what a run is to do.

    Raises
    ------
    LonghaulError
        A session or a folder does not exist any more.
    """
    params = run.params
    first, *others = brought_places(run.owner, params) or (None,)
    return Order(
        root=None if first is None else first.root,
        index=folders.index_folder(run.owner, params.index),
        name=params.index,
        source=SESSIONS if first is None else first.source,
        run=run.job_id,
        mode=params.mode,
        remove_deleted=params.remove_deleted,
        only=run.only,
        others=tuple(one for one in others if one is not None),
        family=SESSIONS if params.all_sessions else "",
        choice=Choice(params.include, params.exclude),
        most_bytes=index_care.room_for(run.owner, params.index),
    )
