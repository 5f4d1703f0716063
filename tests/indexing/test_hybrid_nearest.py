"""The nearest passages are those that plain sums find, whatever was added, removed or asked before."""

import math
import random
import struct

import pytest

from jobs.indexing.vectors import nearest as looking
from jobs.indexing.vectors.embedder import print_of, unit
from jobs.indexing.vectors.layout import file_of, folder_of
from jobs.indexing.vectors.nearest import NoVectors, nearest
from jobs.indexing.vectors.store import Document, Made, open_store

MODEL = "drawn"


def drawn(seed: int, dimension: int) -> list[float]:
    source = random.Random(seed)  # noqa: S311 - numbers, not secrets
    return [source.gauss(0, 1) for _ in range(dimension)]


def document(number: int) -> Document:
    return Document("folder:x", f"{number}", number, "")


def keep(index, numbers, dimension):
    """Give each document of these numbers one passage, with a vector of its own."""
    with open_store(index, MODEL) as store:
        store.set_dimension(dimension)
        for number in numbers:
            text = print_of(str(number))
            store.hold(document(number), [text])
            store.add([Made(document(number), 0, text, unit(drawn(number, dimension)))])
        store.commit()


def cosines(numbers, asked):
    """Compute every cosine in double precision, of the numbers as they are kept: in half precision."""
    one = kept(asked)
    found = {}
    for number in numbers:
        vector = kept(drawn(number, len(asked)))
        products = math.fsum(mine * theirs for mine, theirs in zip(vector, one, strict=True))
        found[number] = products / math.hypot(*vector) / math.hypot(*one)
    return found


def kept(values):
    return struct.unpack(f"<{len(values)}e", unit(values))


def assert_nearest(keys, numbers, asked, most):
    """Compare with plain sums; single precision, in which they are compared, is good to 1e-6."""
    exact = cosines(numbers, asked)
    assert len(set(keys)) == len(keys)
    best = sorted(exact.values(), reverse=True)[:most]
    assert [exact[key] for key in keys] == pytest.approx(best, abs=1e-6)


def found(index, asked, most, documents=None):
    return [one.key for one in nearest(index, MODEL, unit(asked), most=most, documents=documents).passages]


@pytest.mark.parametrize("strip", [1, 7, 64])
@pytest.mark.parametrize("dimension", [2, 7, 48, 384])
def test_the_nearest_are_those_of_the_greatest_cosine(tmp_path, monkeypatch, dimension, strip):
    monkeypatch.setattr(looking, "BLOCK_BYTES", dimension * 2 * 90)  # several blocks, and a shorter last one
    monkeypatch.setattr(looking, "STRIP_PLACES", strip)
    numbers = range(1, 300)
    keep(tmp_path, numbers, dimension)
    asked = drawn(0, dimension)

    assert_nearest(found(tmp_path, asked, 20), numbers, asked, 20)


def test_only_the_documents_that_are_wanted_are_looked_at(tmp_path):
    numbers = range(1, 300)
    keep(tmp_path, numbers, 48)
    wanted = {number for number in numbers if number % 7 == 0}

    some = found(tmp_path, drawn(0, 48), 10, wanted)
    all_of_them = found(tmp_path, drawn(0, 48), 100, wanted)

    assert_nearest(some, wanted, drawn(0, 48), 10)
    assert set(all_of_them) == wanted
    assert found(tmp_path, drawn(0, 48), 10, set()) == []


def test_vectors_that_were_added_and_removed_since_are_told_apart(tmp_path):
    keep(tmp_path, range(1, 100), 48)
    found(tmp_path, drawn(0, 48), 10, {1, 2, 3})
    keep(tmp_path, range(100, 200), 48)
    added = found(tmp_path, drawn(0, 48), 30, set(range(50, 150)))
    with open_store(tmp_path, MODEL) as store:
        store.forget([document(number) for number in range(1, 200, 2)])
        store.commit()

    after = found(tmp_path, drawn(0, 48), 30, set(range(50, 150)))
    unfiltered = found(tmp_path, drawn(0, 48), 90)

    assert_nearest(added, range(50, 150), drawn(0, 48), 30)
    assert_nearest(after, range(50, 150, 2), drawn(0, 48), 30)
    assert_nearest(unfiltered, range(2, 200, 2), drawn(0, 48), 90)  # beyond those that are of nobody


@pytest.mark.parametrize("documents", [None, set(range(1, 400))])
def test_a_damaged_vector_hides_no_other(tmp_path, documents):
    keep(tmp_path, range(1, 300), 48)
    with file_of(folder_of(tmp_path), 2).open("r+b") as file:
        file.seek(48 * 2 * 64)
        file.write(b"\xff" * 96)  # no numbers

    keys = found(tmp_path, drawn(0, 48), 20, documents)

    assert_nearest(keys, set(range(1, 300)) - {65}, drawn(0, 48), 20)


def test_passages_that_are_equal_in_meaning_are_all_found(tmp_path):
    keep(tmp_path, [1], 48)
    with open_store(tmp_path, MODEL) as store:
        for number in (2, 3):
            store.hold(document(number), [print_of("1")])
        assert store.missing() == 0
        store.commit()

    assert sorted(found(tmp_path, drawn(0, 48), 10)) == [1, 2, 3]


def test_an_index_without_vectors_says_so(tmp_path):
    with pytest.raises(NoVectors, match="there are no vectors yet"):
        nearest(tmp_path, MODEL, unit([1.0, 2.0]), most=1)


@pytest.mark.parametrize("vector", [[], [0.0, 0.0], [math.nan, 1.0], [math.inf, 1.0]])
def test_a_vector_without_a_direction_is_refused(vector):
    with pytest.raises(ValueError, match="direction"):
        unit(vector)


def test_very_long_and_very_short_vectors_have_a_direction_too():
    assert unit([3e300, 4e300]) == unit([3e-300, 4e-300]) == unit([3, 4])


def test_letting_go_of_an_index_closes_its_vectors(tmp_path):
    keep(tmp_path, range(1, 5), 48)
    found(tmp_path, drawn(0, 48), 1)

    looking.let_go(tmp_path)

    assert not [path for path in looking._mapped if path.parent == folder_of(tmp_path)]
