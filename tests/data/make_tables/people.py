"""Tables about people: patients, pupils, tasters."""

import math

from drawing import chance, clamp, day, poisson, rating, with_gaps, yes_no


def clinic_visits(rng):
    """Blood pressure before and after a drug or a placebo."""
    rows = []
    for number in range(140):
        arm, smoker = rng.choice(["drug", "placebo"]), rng.random() < 0.35
        age, bmi = round(rng.gauss(57, 11)), rng.gauss(27.5, 4.2)
        before = 118 + 0.25 * age + 0.6 * bmi + rng.gauss(0, 11)
        after = 0.7 * before + 41 + rng.gauss(0, 9) - (7 if arm == "drug" else 1)
        rows.append(
            {
                "patient_id": f"P-{1001 + number}",
                "visit_date": day("2024-02-05", rng.randrange(200)),
                "site": rng.choice(["North", "South", "South", "East"]),
                "arm": arm,
                "sex": rng.choice("FM"),
                "age_yrs": age,
                "bmi": round(bmi, 1),
                "smoker": yes_no(smoker),
                "sbp_before": round(before),
                "sbp_after": round(after),
                "adverse_event": yes_no(chance(rng, -1.5 + 0.8 * (arm == "drug"))),
            }
        )
    return with_gaps(rng, rows, {"bmi": 0.06, "sbp_after": 0.05})


def school_marks(rng):
    """Marks of pupils in four classes."""
    rows, shift = [], {"7a": 0, "7b": 3, "7c": -4, "7d": 1}
    for number in range(132):
        gender, group = rng.choice(["girl", "boy"]), list(shift)[number % 4]
        hours = rng.gammavariate(3, 1.4)
        able = rng.gauss(0, 9) + shift[group] + 0.9 * hours
        mark = {
            "Maths mark": 58 + able - 2 * (gender == "girl"),
            "Reading mark": 61 + able + 5 * (gender == "girl"),
            "Science mark": 57 + able + 0.4 * hours,
        }
        rows.append(
            {
                "Pupil": f"S{number + 1:03d}",
                "Class": group,
                "Gender": gender,
                "Breakfast": rng.choice(["daily", "daily", "sometimes", "never"]),
                **{k: clamp(round(v + rng.gauss(0, 6)), 0, 100) for k, v in mark.items()},
                "hours_homework": round(hours, 1),
            }
        )
    return with_gaps(rng, rows, {"Science mark": 0.05, "hours_homework": 0.08})


def coffee_panel(rng):
    """Ratings of three roasts by each of 26 tasters."""
    liking = {"light": 4.1, "medium": 5.0, "dark": 4.3}
    rows, bitter = [], {"light": 2.6, "medium": 3.7, "dark": 5.2}
    for person in range(26):
        taste, expert = rng.gauss(0, 0.7), person % 3 == 0
        for roast in rng.sample(list(liking), 3):
            rows.append(
                {
                    "Sample No": 101 + len(rows),
                    "Taster": f"T{person + 1:02d}",
                    "Experience": "expert" if expert else "novice",
                    "Roast": roast,
                    "Brew temp (°C)": round(rng.gauss(92.5, 1.2), 1),
                    "Acidity": rating(rng, 7.2 - bitter[roast], 1, 7),
                    "Bitterness": rating(rng, bitter[roast], 1, 7),
                    "Body": rating(rng, 3.1 + 0.3 * bitter[roast], 1, 7),
                    "Overall liking": rating(rng, liking[roast] + taste - 0.4 * expert, 1, 7),
                }
            )
    rows[40]["Brew temp (°C)"] = 71.0
    return rows


def ward_infections(rng):
    """Infections by kind of catheter on the wards of two hospitals."""
    rows, base = [], {"ICU": -0.9, "surgery": -1.8, "medicine": -2.2}
    for number in range(236):
        ward = rng.choices(list(base), [25, 40, 35])[0]
        new = rng.random() < (0.6 if ward == "ICU" else 0.45)
        ill = chance(rng, base[ward] - 0.7 * new)
        rows.append(
            {
                "case_no": 4400 + number,
                "hospital": rng.choice(["St Anna", "Riverside"]),
                "ward": ward,
                "treatment": "new catheter" if new else "standard catheter",
                "age_band": rng.choice(["under 50", "50-69", "70+"]),
                "sex": rng.choice(["f", "m"]),
                "infected": yes_no(ill),
                "LOS_days": 1 + round(rng.lognormvariate(1.6 + 0.5 * ill, 0.6)),
            }
        )
    return with_gaps(rng, rows, {"age_band": 0.04})


def reaction_times(rng):
    """Reaction times of the same people on four occasions."""
    rows = []
    for number in range(64):
        group, sleep = ("caffeine", "decaf")[number % 2], rng.gauss(6.9, 1.1)
        speed = rng.gauss(330, 32) - 6 * (sleep - 7)
        drift = (0, -9, -6, 4) if group == "caffeine" else (0, -5, 3, 16)
        rows.append(
            {
                "subj": f"R{number + 1:02d}",
                "grp": group,
                "hand": rng.choices(["right", "left"], [80, 20])[0],
                "sleep_h": round(sleep, 1),
                **{f"t{i}": round(speed + d + rng.gauss(0, 17), 1) for i, d in enumerate(drift, 1)},
                "n_errors": poisson(rng, math.exp(2.4 - 0.2 * sleep)),
            }
        )
    return with_gaps(rng, rows, {"t3": 0.06})
