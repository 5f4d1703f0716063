"""What would be computed: the same plan as the analysis itself has, and nothing computed for it."""

import orjson
import pytest

from jobs.analysis import methods, plots
from jobs.analysis.dry_run import DryRun, Seconds, tell
from jobs.analysis.outlook import look_ahead
from jobs.analysis.run import Choice, analyse
from jobs.errors import BadInput, UnreadableTable
from tests.analysis.whole import table

MOST_BYTES = 16 * 1024  # of a summary
NOTHING = Choice(None, {}, {}, ())
SOON = Seconds(low=1.0, likely=2.0, high=4.0, basis="model")


def outlook(source, tmp_path, question=None, choice=NOTHING, **more):
    return look_ahead(
        source, name=source.name, cache=tmp_path / "tables", question=question, choice=choice, **more
    )


def told(source, tmp_path, question=None, choice=NOTHING) -> DryRun:
    return tell(outlook(source, tmp_path, question, choice), SOON)


@pytest.fixture
def written(tmp_path):
    def write(content: str, name="table.csv"):
        (tmp_path / name).write_text(content)
        return tmp_path / name

    return write


@pytest.mark.parametrize(
    ("name", "question"),
    [
        ("mtcars", "Does mpg differ by am?"),
        ("airquality", "Is Ozone related to Temp?"),
        ("airquality", "Does Ozone differ by Month?"),  # the values choose ranks
        ("warpbreaks", "Do breaks differ by wool and tension?"),
        ("mtcars", "Predict mpg from hp and wt"),
        ("mtcars", None),
    ],
)
def test_the_plan_is_the_one_that_the_analysis_has(name, question, tmp_path):
    source = table(name)
    (tmp_path / "project").mkdir()

    ahead = outlook(source, tmp_path, question)
    done = analyse(
        source, tmp_path / "project", name=source.name, cache=tmp_path / "tables", question=question
    )

    assert ahead.problem is None
    assert ahead.plan == done.plan
    assert (ahead.rows_used, dict(ahead.dropped)) == (
        done.findings.sample.n_used,
        dict(done.findings.sample.dropped),
    )


def test_nothing_is_computed_or_drawn(tmp_path, monkeypatch):
    def never(*_args, **_more):
        raise AssertionError("a dry run computes nothing")

    monkeypatch.setattr(methods, "run", never)
    monkeypatch.setattr(plots, "draw", never)

    ahead = outlook(table("mtcars"), tmp_path, "Does mpg differ by am?")

    assert ahead.plan is not None
    assert {path.name for path in tmp_path.iterdir()} == {"tables"}


def test_the_table_is_read_once_and_says_so(tmp_path):
    first, second = (outlook(table("mtcars"), tmp_path) for _ in range(2))

    assert (first.table.read_before, second.table.read_before) == (False, True)


def test_columns_are_told_as_they_were_read(written, tmp_path):
    source = written(
        "id,grown_cm,arm,day,alive\n"
        + "\n".join(
            f"{place},{place * 1.5},{'ab'[place % 2]},2026-03-{1 + place % 28:02},yes" for place in range(60)
        )
    )

    found = told(source, tmp_path)

    columns = {column.name: column for column in found.columns}
    assert [column.name for column in found.columns] == ["id", "grown_cm", "arm", "day", "alive"]
    grown, arm, day, alive = (columns[name] for name in ("grown_cm", "arm", "day", "alive"))
    assert (grown.role, grown.type, grown.unit) == ("number", "number", "cm")
    assert grown.examples == (0.0, 1.5, 3.0)
    assert (arm.examples, set(arm.fits)) == (("a", "b"), {"category", "many_groups", "yes_no", "any"})
    assert (day.type, day.examples[0], set(day.fits)) == ("date", "2026-03-01", {"time", "any"})
    assert (alive.role, alive.fits) == ("constant", ("any",))
    assert found.preview.columns == ("id", "grown_cm", "arm", "day", "alive")
    assert found.preview.rows[1] == (1, 1.5, "b", "2026-03-02", True) or found.preview.rows[1][:4] == (
        1,
        1.5,
        "b",
        "2026-03-02",
    )
    assert len(found.preview.rows) == 5


def test_a_question_that_leaves_a_doubt_is_told_with_its_readings(tmp_path):
    found = told(table("mtcars"), tmp_path, "Is the moon made of cheese?")

    assert found.needs_clarification
    assert found.plan is not None
    assert found.plan.method == "profile"
    assert found.rows_used is None


def test_readings_can_be_sent_back_as_they_are(tmp_path):
    found = told(table("mtcars"), tmp_path, "difference in mpg")

    assert found.alternatives
    for other in found.alternatives:
        choice = Choice(other.method, other.columns, other.params, ())
        assert told(table("mtcars"), tmp_path, choice=choice).plan is not None


@pytest.mark.parametrize(
    ("choice", "slug", "planned"),
    [
        (Choice("welch_t_test", {"outcome": "mpg", "group": "cyl"}, {}, ()), "unsuitable-data", False),
        (Choice("pearson_correlation", {"x": "mpg", "y": "price"}, {}, ()), "unknown-column", False),
        (Choice(None, {}, {}, [("mpg", "more_than", [1e6])]), "too-few-values", True),
    ],
)
def test_what_would_make_the_analysis_fail_is_told_and_the_table_with_it(choice, slug, planned, tmp_path):
    found = told(table("mtcars"), tmp_path, choice=choice)

    assert found.problem is not None
    assert found.problem.type == f"/problems/{slug}"
    assert (found.plan is not None) == planned
    assert len(found.columns) > 5
    (tmp_path / "project").mkdir()
    with pytest.raises(BadInput) as raised:
        analyse(
            table("mtcars"),
            tmp_path / "project",
            name="mtcars.csv",
            cache=tmp_path / "tables",
            method=choice.method,
            columns=choice.columns,
            where=choice.where,
        )
    assert str(raised.value) == found.problem.detail


def test_what_is_no_table_fails(written, tmp_path):
    with pytest.raises(UnreadableTable):
        outlook(written("only,a,header\n"), tmp_path)


def test_however_wide_the_table_what_is_told_stays_small_and_holds_the_columns_of_the_plan(written, tmp_path):
    names = [f"a column with quite a long name, number {place}" for place in range(600)]
    rows = [",".join(f"{place * row % 97}.5" for place in range(1, 601)) for row in range(40)]
    source = written(",".join(f'"{name}"' for name in names) + "\n" + "\n".join(rows))
    choice = Choice("pearson_correlation", {"x": names[598], "y": names[599]}, {}, ())

    found = told(source, tmp_path, choice=choice)

    assert len(orjson.dumps(found.model_dump(mode="json"))) < MOST_BYTES
    assert found.columns_left_out == 600 - len(found.columns) > 0
    assert {names[0], names[598], names[599]} <= {column.name for column in found.columns}
    assert 0 < len(found.preview.columns) <= len(found.columns)


def test_a_plan_of_fifty_columns_in_letters_of_three_bytes_has_room(written, tmp_path):
    names = [f"列の名前はとても長い{place}" for place in range(80)]
    rows = [",".join(f"{(place * row) % 97}.5" for place in range(1, 81)) for row in range(40)]
    source = written(",".join(names) + "\n" + "\n".join(rows))
    columns = {f"column_{place + 1}": name for place, name in enumerate(names[:50])}

    found = told(source, tmp_path, choice=Choice("correlation_matrix", columns, {}, ()))

    assert found.plan is not None
    assert len(found.plan.columns) == 50
    assert len(orjson.dumps(found.model_dump(mode="json"))) < MOST_BYTES


def test_long_text_is_cut(written, tmp_path):
    found = told(written("said,n\n" + "\n".join(f"{'ha ' * 400}{n},{n}" for n in range(20))), tmp_path)

    assert max(len(value) for value in found.preview.rows[0] if isinstance(value, str)) == 40


def test_progress_rises_and_whoever_tells_of_it_can_stop_it(tmp_path):
    heard = []

    outlook(table("mtcars"), tmp_path, "Does mpg differ by am?", report=heard.append)

    percents = [progress.percent for progress in heard]
    assert percents == sorted(percents)
    assert 80 < percents[-1] < 100

    class Stopped(Exception):
        pass

    def stop(progress):
        raise Stopped

    with pytest.raises(Stopped):
        outlook(table("mtcars"), tmp_path, "Does mpg differ by am?", report=stop)
