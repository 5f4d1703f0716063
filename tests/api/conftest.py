"""What several tests of the API need."""

import pytest

from api import limits as api_limits
from api import refusing
from jobs import turns
from jobs.settings import settings
from tests.support.issuer import Issuer


@pytest.fixture
def allowed(monkeypatch):
    """Return a function that sets limits for the rest of the test."""

    def allowed(**changes):
        changed = settings().model_copy(update=changes)
        for module in (api_limits, refusing, turns):
            monkeypatch.setattr(module, "settings", lambda: changed)
        api_limits._requests.cache_clear()
        refusing._pace.cache_clear()

    yield allowed
    monkeypatch.undo()
    api_limits._requests.cache_clear()
    refusing._pace.cache_clear()


@pytest.fixture
def issuer():
    """An issuer of OpenID Connect whose tokens are real."""
    with Issuer() as issuer:
        yield issuer
