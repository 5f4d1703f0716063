"""Office documents of the formats before 2007 that are not read: each says so, and what to do."""

from jobs.indexing.formats.base import Extracted, Unextractable
from jobs.indexing.formats.compound import COMPOUND_FILE, refusal
from jobs.indexing.limits import Limits


class LegacyDocument:
    """Word and PowerPoint before 2007, and Outlook's messages.

    They are opened all the same: many a .doc is Rich Text, a web page or a .docx by its content, and is read.
    """

    name = "legacy"
    suffixes = frozenset({".doc", ".dot", ".ppt", ".pps", ".msg"})

    def signed(self, head: bytes) -> bool:  # noqa: ARG002 - the protocol asks
        """Leave the container to the reader of workbooks, for many of those are in it."""
        return False

    def read(self, data: bytes, limits: Limits) -> Extracted:  # noqa: ARG002 - the protocol asks
        """Refuse."""
        if data.startswith(COMPOUND_FILE):
            raise refusal(data)
        raise Unextractable("skipped", "unsupported_type", "neither an Office document nor anything known")
