"""Names of columns whose whole numbers stand for kinds without an order: classes, wards, codes of regions."""

from jobs.analysis.tables.units import listed, words_of

KINDS = frozenset(
    listed(
        "race ethnicity ethnic eth nationality origin tribe religion denomination party language gender sex "
        "region district zone state country county province continent city town village location loc branch "
        "site centre center clinic hospital ward school store shop department dept division team company "
        "group grp arm treatment trt condition cond diet drug variety species breed strain genotype brand "
        "block plot field tank cage litter batch lot line machine operator shift rater reader judge cluster "
        "stratum strata segment cohort category cat class classroom type kind status occupation job industry "
        "sector profession channel source route colour color make model diagnosis cause reason method mode "
        "code zip zipcode postcode postal plz "
        "klasse gruppe schule station standort filiale abteilung bezirk kreis bundesland land ort stadt "
        "gebiet kategorie typ art maschine schicht charge klinik praxis partei konfession geschlecht sorte "
        "branche behandlung bedingung rasse stamm"
    )
)
NUMBERS = frozenset(
    listed("code codes id ids no nr num number nummer kennziffer")
)  # "region code", "site no"

_OF_WHAT = frozenset(
    listed("home birth main study trial patient customer sales sub test sample teaching living work")
)


def head_of(name: str) -> str:
    """Return what a name is about: "arm" of `treatment_arm`, "region" of `region_code`."""
    words = [word for word in words_of(name) if word not in NUMBERS and not word.isdigit()]
    if "of" in words[1:]:
        words = words[: words.index("of")]
    return words[-1] if words else "code" if "code" in words_of(name) else ""


def names_kind(name: str) -> bool:
    """Return whether a name is that of a kind and says no more: "MPG.city" is measured in cities."""
    words = [word for word in words_of(name) if word not in NUMBERS and not word.isdigit()]
    counted = words_of(name)[:1] in (("n",), ("num",), ("number",)) and len(words_of(name)) > 1
    return head_of(name) in KINDS and not counted and all(one in KINDS or one in _OF_WHAT for one in words)
