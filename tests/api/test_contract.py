"""The OpenAPI document is true, and complete: schemathesis asks for everything that it says, and more."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.support.client import EXAMPLES
from tests.support.wire import own_service

ROOT = Path(__file__).resolve().parents[2]
# Of each operation; CONTRACT_EXAMPLES=500 for a longer run, `make contract`.
MOST_EXAMPLES = os.environ.get("CONTRACT_EXAMPLES", "4")
SEED = os.environ.get("CONTRACT_SEED", "1")
NO_LIMIT = {
    f"LONGHAUL_{name}": "0"
    for name in ("SUBMITS_PER_MINUTE", "REQUESTS_PER_SECOND", "REFUSALS_PER_MINUTE", "UPLOAD_BYTES_PER_DAY")
}
# What is served and is no part of the contract: it refuses names of kinds that there are not.
UNDESCRIBED = {"unknown_kind"}


@pytest.fixture(scope="module")
def service(tmp_path_factory):
    folder = tmp_path_factory.mktemp("contract") / "tree"
    with own_service(folder, **NO_LIMIT) as running:
        yield running


@pytest.fixture(scope="module")
def things(service):
    """What exists: a session, a job that has ended, an index and a document of it."""
    client = service.client()
    session = client.upload(EXAMPLES / "penguins.csv")
    job = client.run("analysis", session=session, question="Do the three species differ in body mass?")
    assert client.run("indexing", index="library", session=session)["status"] == "completed"
    plots = client.get(job["links"]["plots"]).json["items"]
    found = client.get("/api/v1/indexes/library/search?q=gentoo").json["items"]
    return {
        "CONTRACT_SESSION": session,
        "CONTRACT_JOB": job["id"],
        "CONTRACT_PLOT": plots[0]["name"],
        "CONTRACT_DOCUMENT": found[0]["id"],
    }


@pytest.mark.timeout(3_600)
def test_schemathesis_finds_nothing(service, things, tmp_path):
    program = shutil.which("schemathesis", path=ROOT / ".venv" / "bin") or shutil.which("schemathesis")
    assert program is not None
    command = [
        program,
        "--config-file",
        ROOT / "tests" / "support" / "contract.toml",
        "run",
        f"http://127.0.0.1:{service.port}/api/v1/openapi.json",
        f"--header=Authorization: Bearer {service.client().token}",
        f"--seed={SEED}",
        f"--max-examples={MOST_EXAMPLES}",
        "--phases=examples,coverage,fuzzing,stateful",
        "--workers=1",
        "--no-color",
    ]

    ran = subprocess.run(
        command, cwd=tmp_path, env=os.environ | things, capture_output=True, text=True, check=False
    )

    assert ran.returncode == 0, "\n".join(line[:400] for line in ran.stdout.splitlines())[-20_000:]


def test_every_address_is_described_and_every_description_has_an_address(app):
    described = {(path, method.upper()) for path, item in document(app)["paths"].items() for method in item}
    served = {
        (address(rule.rule), method)
        for rule in app.url_map.iter_rules()
        if rule.endpoint.rpartition(".")[2] not in UNDESCRIBED
        for method in rule.methods - {"HEAD", "OPTIONS"}
    }

    assert described == served


def document(app):
    return json.loads(app.test_client().get("/api/v1/openapi.json").data)


def address(rule):
    parts = rule.replace("<path:", "<").split("/")
    return "/".join(f"{{{part[1:-1]}}}" if part.startswith("<") else part for part in parts)
