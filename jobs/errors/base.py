"""What every error of Longhaul has: a text for its user, and what it is called on the wire."""

from typing import ClassVar


class LonghaulError(Exception):
    """Something that Longhaul can explain to its user."""

    slug: ClassVar[str] = "error"
    title: ClassVar[str] = "Something went wrong"
    status: ClassVar[int] = 500
