"""What is told of an error that others have worded."""

import re
from typing import Final

UNREADABLE: Final = "unreadable"  # the system does not give a file: nobody knows what has become of it
_ABSOLUTE_PATH: Final = re.compile(r"""(?<![\w./])/[^\s'"(),;]+""")


def reason(error: Exception) -> str:
    """Return why something failed, without the paths of this machine, which are no user's matter."""
    if isinstance(error, OSError):
        return error.strerror or type(error).__name__
    return _ABSOLUTE_PATH.sub("…", str(error))
