"""When a file was changed, as the list of files and the index keep it."""

import os

LATEST_NS = 2**63 - 1  # the year 2262: what fits the manifest and the index; file systems allow later ones


def modified_ns(status: os.stat_result) -> int:
    """Give the time of the last change in nanoseconds since 1970, bounded to 64 bits."""
    return min(max(status.st_mtime_ns, -LATEST_NS), LATEST_NS)
