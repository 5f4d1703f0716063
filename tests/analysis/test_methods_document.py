"""docs/methods.md against the list of methods that is served."""

import re
from pathlib import Path

import pytest

from jobs.analysis.listing import Form, methods

DOCUMENT = (Path(__file__).parents[2] / "docs" / "methods.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| `(\w+)` \| [^|]+ \| ([^|]+) \| ([^|]*)\|$", re.MULTILINE)
TABLE = DOCUMENT.partition("|---|")[2]
WRITTEN = {method: (columns.strip(), params.strip()) for method, columns, params in ROW.findall(TABLE)}
LISTED = {method.name: method for method in methods()}


def in_words(form: Form) -> str:
    return ", ".join(role.name if role.required else f"({role.name})" for role in form.roles)


def test_the_document_lists_every_method_and_no_other():
    assert set(WRITTEN) == set(LISTED)


@pytest.mark.parametrize("name", LISTED)
def test_each_method_stands_with_its_columns_and_values(name):
    method = LISTED[name]

    columns = "; or ".join(in_words(form) for form in method.forms)
    params = ", ".join(one.name if one.required else f"({one.name})" for one in method.params)
    assert WRITTEN[name] == (columns, params)
