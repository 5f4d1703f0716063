"""/docs and the pages of problems: whole, true, and nothing that a browser would load or run."""

import re

import pytest

from api.errors import slug_of
from api.pages import problem_types
from jobs.errors import LonghaulError

PAGES = ["/docs", "/problems", "/problems/not-found", "/problems/invalid-request", "/problems/rate-limited"]


@pytest.fixture
def client(app):
    return app.test_client()


@pytest.mark.parametrize("path", PAGES)
def test_a_page_loads_and_runs_nothing(client, path):
    answer = client.get(path)

    assert answer.status_code == 200
    policy = answer.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "<script" not in answer.text
    assert not re.search(r"<(?:link|img|iframe|object)\b|@import|url\(", answer.text)
    assert "style=" not in answer.text  # the policy would leave it out


def test_the_page_of_the_api_shows_every_operation_with_a_command(client):
    page, document = client.get("/docs").text, client.get("/api/v1/openapi.json").json

    for path, item in document["paths"].items():
        for operation in item.values():
            assert f'id="{operation["operationId"]}"' in page, path
    assert page.count("<details") == page.count("curl") == sum(len(i) for i in document["paths"].values())


def test_every_link_within_the_page_leads_somewhere(client):
    page = client.get("/docs").text
    anchors = set(re.findall(r'id="([^"]+)"', page))

    assert set(re.findall(r'href="#([^"]+)"', page)) <= anchors
    for slug in set(re.findall(r'href="/problems/([^"]+)"', page)):
        assert client.get(f"/problems/{slug}").status_code == 200, slug


def test_every_operation_says_what_it_does_and_how_it_may_fail(client):
    document = client.get("/api/v1/openapi.json").json

    for path, item in document["paths"].items():
        for operation in item.values():
            assert operation["summary"], path
            assert operation["tags"], path
            assert "500" in operation["responses"], path
            for parameter in operation["parameters"]:
                assert parameter["description"], (path, parameter["name"])


def leaves(kind=LonghaulError):
    for child in kind.__subclasses__():
        yield child
        yield from leaves(child)


def test_every_type_of_problem_tells_what_happened_and_what_to_do(client):
    listed = client.get("/problems").text
    for kind in leaves():
        if not kind.__module__.startswith(("jobs.", "api.")):
            continue
        problem = problem_types()[slug_of(kind)]
        assert problem.what, kind
        assert problem.explanation.remedy, f"{problem.slug}: say in api/explanations.py what to do"
        assert f'href="/problems/{problem.slug}"' in listed


def test_a_page_that_has_not_changed_is_not_sent_again(client):
    etag = client.get("/docs").headers["ETag"]

    assert client.get("/docs", headers={"If-None-Match": etag}).status_code == 304


def test_a_problem_that_there_is_not_is_one_itself(client):
    answer = client.get("/problems/<script>alert(1)</script>")

    assert answer.status_code == 404
    assert answer.content_type == "application/problem+json"
