"""What a dry run of an indexing job tells, as a model that travels with the job."""

from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel, Field

from jobs.reading_pace import Seconds

if TYPE_CHECKING:
    from jobs.indexing.runs.outlook import Group, Outlook

LONGEST_PATH_SHOWN = 200  # a summary has 16 KiB


class FilesTold(BaseModel):
    """Files of which the same would become."""

    files: int
    bytes: int
    first: list[str] = Field(description="The first of them, by path.")


class RefusedTold(FilesTold):
    """Files that would not be read."""

    reasons: dict[str, int] = Field(description="How many for which reason.")


class IndexingDryRun(BaseModel):
    """What an indexing job would do; nothing was changed."""

    dry_run: Literal[True] = True
    outcome: Literal["complete"] = "complete"
    index: str
    source: str
    exists: bool = Field(description="Whether the index is there already, and whole.")
    total: int
    added: FilesTold
    changed: FilesTold = Field(description="By size or time; of those whose content is the same, nothing is.")
    removed: FilesTold
    refused: RefusedTold
    unchanged: FilesTold
    expected_seconds: Seconds


def tell(found: "Outlook", source: str, seconds: Seconds) -> IndexingDryRun:
    """Return what is told of an outlook."""
    return IndexingDryRun(
        index=found.index,
        source=source[:1_000],
        exists=found.exists,
        total=found.total,
        added=FilesTold(**_members(found.added)),
        changed=FilesTold(**_members(found.changed)),
        removed=FilesTold(**_members(found.removed)),
        refused=RefusedTold(**_members(found.refused), reasons=dict(found.reasons)),
        unchanged=FilesTold(**_members(found.unchanged)),
        expected_seconds=seconds,
    )


def _members(group: "Group") -> dict[str, object]:
    return {
        "files": group.files,
        "bytes": group.bytes,
        "first": [path[:LONGEST_PATH_SHOWN] for path in group.first],
    }
