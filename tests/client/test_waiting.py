"""Waiting for a job, against a server that does as a script says."""

import time

import pytest
from longhaul import WaitTimeout
from longhaul.jobs import Job
from longhaul.models import job_state

from tests.client.serving import BUSY, ENDED, JOB, Said, said


def test_waiting_names_the_look_that_it_knows_and_lets_the_service_wait(scripted):
    waited = {"Preference-Applied": "wait=20"}
    scripted.answers(
        said(JOB, ETag='W/"1"'),
        Said(304, headers=waited),
        said(JOB | {"progress": 50.0}, ETag='W/"2"', Preference_Applied="wait=20"),
        said(ENDED, ETag='W/"3"', Preference_Applied="wait=20"),
    )

    seen = [state.progress for state in _job(scripted.client().jobs).changes()]

    assert seen == [10.0, 50.0, 100.0]
    asked = [(headers.get("If-None-Match"), headers.get("Prefer")) for *_, headers in scripted.asked]
    assert asked == [(None, None), ('W/"1"', "wait=20"), ('W/"1"', "wait=20"), ('W/"2"', "wait=20")]


def _job(jobs):
    return Job(jobs._transport, job_state(JOB))


def test_a_service_that_does_not_wait_itself_sets_the_pace(scripted):
    pace = {"Retry-After": "0.3"}
    scripted.answers(said(JOB, ETag='W/"1"'), Said(304, headers=pace), Said(304, headers=pace), said(ENDED))
    begun = time.monotonic()

    _job(scripted.client().jobs).wait()

    assert time.monotonic() - begun >= 0.6


def test_a_service_without_etags_is_not_asked_without_a_pause(scripted):
    scripted.answers(said(JOB, Retry_After="0.3"), said(JOB, Retry_After="0.3"), said(ENDED))
    begun = time.monotonic()

    _job(scripted.client().jobs).wait()

    assert time.monotonic() - begun >= 0.6


def test_waiting_goes_on_while_the_service_is_away_and_says_so(scripted):
    scripted.answers(said(JOB, ETag='W/"1"'), Said(hang_up=True), BUSY, said(ENDED))
    troubles = []

    _job(scripted.client(patience=0.0).jobs).wait(trouble=troubles.append)

    assert len(troubles) == 2
    assert "Redis is away" in troubles[1]


def test_waiting_ends_in_time_and_the_job_goes_on(scripted):
    scripted.answers(said(JOB, ETag='W/"1"'), *[Said(304, headers={"Retry-After": "0.2"})] * 20)
    begun = time.monotonic()

    with pytest.raises(WaitTimeout, match="goes on"):
        _job(scripted.client().jobs).wait(timeout=0.5)

    assert 0.4 <= time.monotonic() - begun < 5.0
