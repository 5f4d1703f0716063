"""The Python client of Longhaul: `from longhaul import Client`.

What is named here is loaded when it is first used, so that the command starts quickly.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from longhaul.client import Client
    from longhaul.errors import (
        Conflict,
        Forbidden,
        Invalid,
        JobFailed,
        LonghaulError,
        NotFound,
        NotReady,
        NotSignedIn,
        Refused,
        ServerFault,
        TooLarge,
        TooManyRequests,
        Unavailable,
        Unreachable,
        UnusableData,
        WaitTimeout,
    )
    from longhaul.jobs import Job
    from longhaul.models import Hit, JobState, SearchPage
    from longhaul.outcome import Answer, Figure, Report, Table

__version__ = "0.1.0"
__all__ = [
    "Answer",
    "Client",
    "Conflict",
    "Figure",
    "Forbidden",
    "Hit",
    "Invalid",
    "Job",
    "JobFailed",
    "JobState",
    "LonghaulError",
    "NotFound",
    "NotReady",
    "NotSignedIn",
    "Refused",
    "Report",
    "SearchPage",
    "ServerFault",
    "Table",
    "TooLarge",
    "TooManyRequests",
    "Unavailable",
    "Unreachable",
    "UnusableData",
    "WaitTimeout",
    "__version__",
]
_MODULES = {
    "Client": "client",
    "Job": "jobs",
    **dict.fromkeys(("Hit", "JobState", "SearchPage"), "models"),
    **dict.fromkeys(("Answer", "Figure", "Report", "Table"), "outcome"),
}


def __getattr__(name: str) -> Any:
    """Load what is asked for by its name."""
    if name not in __all__:
        raise AttributeError(f"module 'longhaul' has no attribute {name!r}")
    return getattr(import_module(f"longhaul.{_MODULES.get(name, 'errors')}"), name)
