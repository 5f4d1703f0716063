"""docs/results.md against the dataclasses that results.json is written from."""

import dataclasses
import re
import typing
from pathlib import Path

import pytest

from jobs.analysis.results.result import FORMAT, Analysis, TestRole

DOCUMENT = (Path(__file__).parents[2] / "docs" / "results.md").read_text(encoding="utf-8")


def written():
    """Return the members of each section of the document with the last cell: when they are null."""
    sections = re.split(r"^### ", DOCUMENT, flags=re.MULTILINE)[1:]
    rows = r"^\| `(\w+)` \|.*\| ?([^|]*?) ?\|$"
    return {text.partition("\n")[0]: dict(re.findall(rows, text, re.MULTILINE)) for text in sections}


def classes_in(hint):
    if dataclasses.is_dataclass(hint):
        yield hint
    for inner in typing.get_args(hint):
        yield from classes_in(inner)


def reachable(start):
    """Return every dataclass that a result is made of."""
    found, waiting = {}, [start]
    while waiting:
        one = waiting.pop()
        if one.__name__ not in found:
            found[one.__name__] = one
            for hint in typing.get_type_hints(one).values():
                waiting += classes_in(hint)
    return found


RESULT = reachable(Analysis)


def may_be_null(hint):
    return type(None) in typing.get_args(hint)


def test_the_document_has_a_section_for_each_part_of_a_result_and_no_other():
    assert set(written()) == set(RESULT)


@pytest.mark.parametrize("name", sorted(RESULT))
def test_every_member_of_a_result_is_documented_in_order(name):
    assert list(written()[name]) == [field.name for field in dataclasses.fields(RESULT[name])]


@pytest.mark.parametrize("name", sorted(RESULT))
def test_the_document_says_of_each_member_that_may_be_null_when_it_is(name):
    hints = typing.get_type_hints(RESULT[name])

    silent = [member for member, hint in hints.items() if may_be_null(hint) and not written()[name][member]]

    assert silent == []


def test_the_document_names_the_format_and_every_role_of_a_test():
    assert f"`{FORMAT}`" in DOCUMENT
    assert all(f"`{role}`" in DOCUMENT for role in typing.get_args(TestRole))
