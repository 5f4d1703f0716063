"""Say in words which question a reading answers."""


def _in_words_of_design(columns: dict[str, str], params: dict[str, float | str]) -> str | None:
    """Return the question of a reading beyond two columns, None for any other."""
    if "mu" in params:
        return f"Does {columns['outcome']} lie around {params['mu']:g}?"
    if "share" in params:
        return (
            f"Is the share of {columns['outcome']} = {params['level']} different from {params['share']:.4g}?"
        )
    if "measure_1" in columns:
        return f"Do {', '.join(columns.values())} differ in the same rows?"
    if "covariate_1" in columns:
        held = ", ".join(name for role, name in columns.items() if role.startswith("covariate_"))
        return f"Does {columns['outcome']} differ by {columns['group']} with {held} held equal?"
    if "factor_1" in columns:
        outcome, first, second = (columns[role] for role in ("outcome", "factor_1", "factor_2"))
        if params:
            return f"Does how {outcome} differs by {first} depend on {second}?"
        return f"Does {outcome} differ by {first} and by {second}?"
    if "subject" in columns:
        outcome, group, subject = (columns[role] for role in ("outcome", "group", "subject"))
        return f"Does {outcome} change between the values of {group} within the same {subject}?"
    if "first" in columns:
        return f"Is {columns['second']} different from {columns['first']} in the same rows?"
    return None


def in_words_of_scan(method: str, columns: dict[str, str]) -> str | None:
    """Return the question of a look at single columns, None for any other."""
    where = columns.get("outcome", "all columns")
    questions = {
        "outliers": f"Which values of {where} lie far out?",
        "normality": f"Is {where} normally distributed?",
        "missing_values": f"What is missing in {where}?",
    }
    if method in ("cohen_kappa", "intraclass_correlation"):
        listed = [name for role, name in columns.items() if role != "count"]
        if "subject" in columns:
            return (
                f"Do the {columns['group']} agree on {columns['outcome']} of the same {columns['subject']}?"
            )
        return f"Do {', '.join(listed[:-1])} and {listed[-1]} agree?"
    if method == "linear_regression" and "x" in columns:
        return f"By how much does {columns['y']} differ with {columns['x']}?"
    return questions.get(method)


def in_words(columns: dict[str, str], params: dict[str, float | str]) -> str:
    """Return the question that a reading answers."""
    if (designed := _in_words_of_design(columns, params)) is not None:
        return designed
    if "group" in columns:
        return f"Does {columns['outcome']} differ between the groups of {columns['group']}?"
    if "x" in columns:
        return f"Do {columns['x']} and {columns['y']} go together?"
    if "stratum" in columns and params:
        row, column = columns["row"], columns["column"]
        return f"Does how {row} and {column} go together differ between the values of {columns['stratum']}?"
    if "stratum" in columns:
        return f"Are {columns['row']} and {columns['column']} associated within {columns['stratum']}?"
    if "predictor_1" in columns:
        named = ", ".join(name for role, name in columns.items() if role.startswith("predictor_"))
        return f"What goes with {columns['outcome']}, of {named}?"
    if "row" in columns:
        return f"Are {columns['row']} and {columns['column']} associated?"
    if "outcome" in columns:
        return f"How are the values of {columns['outcome']} distributed?"
    return "What is in this table?"
