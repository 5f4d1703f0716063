"""Limits are told as what the data allow; where a method gives none, that is said instead."""

from tests.analysis.whole import answered

CROSSED = {"row": "a", "column": "b"}


def analysed(folder, lines, **asked):
    (folder / "files").mkdir()
    source = folder / "files/t.csv"
    source.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return answered(source, folder / "p", **asked)


def crossed(folder, counts):
    rows = [f"r{i},c{j}" for i, row in enumerate(counts) for j, times in enumerate(row) for _ in range(times)]
    return analysed(folder, ["a,b", *rows], method="chi_square_independence", columns=CROSSED)


def said(found):
    told = found.interpretation
    return " ".join(sentence.text for sentence in (*told.paragraphs, *told.caveats))


def test_a_sparse_table_is_told_with_the_associations_that_it_allows(tmp_path):
    counts = [[1, 2, 0, 2], [3, 1, 1, 0], [0, 2, 2, 1], [2, 0, 1, 2], [1, 1, 3, 0]]

    found = crossed(tmp_path, counts)

    effect = found.findings.effect_sizes[0]
    high = f"{effect.interval.high:.2f}".removeprefix("0")
    assert effect.interval.high > 0.3
    assert f"Associations with Cramér's V between .00 and {high} remain compatible with them." in said(found)
    assert "weak ones" not in said(found)


def test_a_v_whose_limits_shrink_onto_it_is_told_without_them(tmp_path):
    found = crossed(tmp_path, [[10, 10, 10], [10, 10, 10], [10, 10, 11]])

    effect = found.findings.effect_sizes[0]
    assert (effect.interval.low, effect.interval.high) == (None, None)
    everything = f"{found.interpretation.headline} {said(found)} {found.interpretation.apa}"
    value = f"{effect.value:.2f}".removeprefix("0")
    assert f"Cramér's V = {value} (" in everything
    assert f"Cramér's V = {value}, 95% CI" not in everything
    assert "For Cramér's V and bias-corrected Cramér's V the method gives no limits here" in said(found)
    assert "how strong, these data do not tell" in said(found)


def test_shares_of_variance_below_chance_are_told_without_limits(tmp_path):
    values = (4.0, 5.0, 6.0, 7.0, 9.0, 3.0, 8.0, 5.5)
    rows = [f"{group},{value + 0.001 * place}" for place, group in enumerate("xyz") for value in values]

    found = analysed(tmp_path, ["g,v", *rows], method="one_way_anova", columns={"outcome": "v", "group": "g"})

    assert "omega squared = .00, 95% CI" not in f"{said(found)} {found.interpretation.apa}"
    assert "an effect is neither shown nor excluded" in said(found)
    assert "[.00, .00]" not in said(found)
    report = (tmp_path / "p/report.md").read_text(encoding="utf-8")
    assert "[.00, .00]" not in report
