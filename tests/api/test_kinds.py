"""What a front end learns of the kinds of job, without knowing any of them."""

import pytest

from tests.support.client import EXAMPLES

KINDS = "/api/v1/kinds"


def test_every_kind_is_listed_with_where_to_read_of_it_and_where_to_submit(ada):
    listed = {kind["name"]: kind for kind in ada.get(KINDS).json["items"]}

    assert listed["analysis"]["title"] == "Analyse a table"
    assert listed["indexing"]["queue"] == "indexing"
    for name, kind in listed.items():
        told = ada.get(kind["links"]["self"]).json
        assert kind == {member: told[member] for member in kind}
        assert kind["links"]["submit"] == f"/api/v1/jobs/{name}"


def test_the_parameters_of_a_kind_are_told_as_a_json_schema(ada):
    schema = ada.get(f"{KINDS}/analysis").json["params"]

    assert schema["additionalProperties"] is False
    assert "session" in schema["required"]
    assert schema["properties"]["confidence"] == {
        "default": 0.95,
        "description": "Coverage of the intervals.",
        "maximum": 0.999,
        "minimum": 0.5,
        "title": "Confidence",
        "type": "number",
    }
    assert all(member.get("description") for member in schema["properties"].values())


def test_a_method_is_told_with_all_that_a_form_for_it_needs(ada):
    methods = {method["name"]: method for method in ada.get(f"{KINDS}/analysis").json["about"]["methods"]}

    ancova = methods["ancova"]
    assert (ancova["title"], ancova["family"]) == ("the analysis of covariance", "comparison")
    roles = {role["name"]: role for role in ancova["forms"][0]["roles"]}
    assert (roles["outcome"]["takes"], roles["outcome"]["required"]) == (["number"], True)
    assert (roles["group"]["takes"], roles["group"]["most_values"]) == (["category"], 20)
    covariates = roles["covariates"]
    assert (covariates["several"], covariates["least"], covariates["most"]) == (True, 1, 4)
    assert [param["name"] for param in methods["binomial_test"]["params"]] == ["level", "share"]
    share = methods["binomial_test"]["params"][1]
    assert (share["takes"], share["above"], share["below"]) == ("number", 0.0, 1.0)
    assert "anova" in methods["one_way_anova"]["other_names"]
    assert len(methods["paired_t_test"]["forms"]) == 2  # side by side, or one below the other


def test_what_another_kind_offers_is_told_as_that_kind_says(ada):
    about = ada.get(f"{KINDS}/indexing").json["about"]

    assert "examples" in about["folders"]
    assert "about" not in ada.get(f"{KINDS}/probe").json


def test_a_method_is_understood_by_its_other_names_too(worker, ada):
    session = ada.upload(EXAMPLES / "penguins.csv")

    job = ada.run(
        "analysis",
        session=session,
        method="anova",
        columns={"outcome": "body_mass_g", "group": "species"},
    )

    assert (job["status"], job["results"]["method"]) == ("completed", "one_way_anova")


def test_asking_again_costs_no_body(ada):
    for address in (KINDS, f"{KINDS}/analysis"):
        first = ada.get(address)

        again = ada.get(address, headers={"If-None-Match": first.headers["ETag"]})

        assert (again.status_code, again.data) == (304, b"")


def test_a_kind_that_there_is_not_is_told_with_those_that_there_are(ada):
    answer = ada.get(f"{KINDS}/baking")

    assert (answer.status_code, answer.content_type) == (404, "application/problem+json")
    assert "no kind of job 'baking'" in answer.json["detail"]
    assert "indexing" in answer.json["detail"]


@pytest.mark.parametrize("address", [KINDS, f"{KINDS}/analysis", f"{KINDS}/baking"])
def test_nobody_without_a_token_is_told(app, address):
    assert app.test_client().get(address).status_code == 401


def test_an_unknown_parameter_is_refused_by_name(ada):
    answer = ada.get(f"{KINDS}/analysis?verbose=1")

    assert (answer.status_code, answer.json["errors"][0]["parameter"]) == (422, "verbose")


def test_the_shape_of_what_a_kind_offers_stands_in_the_openapi_document(app):
    document = app.test_client().get("/api/v1/openapi.json").json

    answers = document["paths"][f"{KINDS}/analysis"]["get"]["responses"]
    name = answers["200"]["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]
    about = document["components"]["schemas"][name]["properties"]["about"]["$ref"].rpartition("/")[2]
    assert "methods" in document["components"]["schemas"][about]["properties"]
    assert "304" in answers
