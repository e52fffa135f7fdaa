from pathlib import Path
from typing import Any

from built_metrics import metric
from lake_builders import Row, answer, attempt, uuid_of

ALGEBRA, BOTANY = uuid_of("algebra"), uuid_of("botany")
CATALOGUE: dict[str, list[Row]] = {
    "catalogue_subjects": [
        {"subject_id": ALGEBRA, "code": " ALG101 ", "name": " Algebra "},
        {"subject_id": BOTANY, "code": "Algebra", "name": "Plants"},
        {"subject_id": uuid_of("twin"), "code": "TWIN", "name": "Plants"},
        {"subject_id": uuid_of("sly"), "code": ALGEBRA, "name": "Sly"},
    ],
    "catalogue_topics": [
        {"topic_id": uuid_of("1"), "subject_id": ALGEBRA, "slug": "acids-bases"},
        {"topic_id": uuid_of("2"), "subject_id": ALGEBRA, "slug": "roots"},
        {"topic_id": uuid_of("3"), "subject_id": ALGEBRA, "slug": "roots"},
    ],
}


def test_a_subject_is_found_by_id_then_code_then_a_name_that_is_its_alone(tmp_path: Path) -> None:
    cases = [
        (ALGEBRA.upper(), None, ALGEBRA),
        ("alg101", None, ALGEBRA),
        (" Alg101  ", "Plants", ALGEBRA),
        ("algebra", "Algebra", BOTANY),
        ("", " ALGEBRA ", ALGEBRA),
        ("", "Plants", None),
        ("", None, None),
        ("nonsense", "nonsense", None),
    ]
    attempts = [
        attempt("u", str(number), at=1e9, subject_ref=reference, subject_name=name)
        for number, (reference, name, _) in enumerate(cases)
    ]
    rows = metric("eligible_attempts", tmp_path, {**CATALOGUE, "core_attempts": attempts})
    assert [row["subject_id"] for row in rows] == [subject for _, _, subject in cases]


def unresolved(folder: Path, *attempts: Row, **tables: Any) -> dict[tuple[str, str], Row]:
    given = {**CATALOGUE, "core_attempts": list(attempts), **tables}
    rows = metric("unresolved_references", folder, given)
    return {(row["kind"], row["reference"]): row for row in rows}


def test_whatever_an_attempt_names_in_vain_is_listed(tmp_path: Path) -> None:
    tried = [
        attempt("u", "t", at=at, subject_ref="x", answers=[answer(i, "q", True) for i in (1, 2)])
        for at in (2e9, 1e9)
    ]
    found = unresolved(tmp_path, *tried)
    assert {key: row["occurrences"] for key, row in found.items()} == {
        ("subject", "x"): 2,
        ("test", "t"): 2,
        ("question", "q"): 4,
        ("unknown_user", "u"): 2,
    }
    question = found["question", "q"]
    assert (question["first_seen"].timestamp(), question["last_seen"].timestamp()) == (1e9, 2e9)


def test_a_student_without_profile_is_listed_also_when_all_else_resolves(tmp_path: Path) -> None:
    row = attempt("ghost", uuid_of("test"), at=1e9, subject_ref=ALGEBRA)
    tests = [{"test_template_id": uuid_of("test")}]
    assert set(unresolved(tmp_path, row, catalogue_tests=tests)) == {("unknown_user", "ghost")}


def test_a_topic_of_an_attempt_without_answers_is_found_by_id_or_a_slug_of_one_topic(
    tmp_path: Path,
) -> None:
    known = ["Acids & Bases", "ACIDS   bases", uuid_of("2").upper()]
    strange = ["Roots", "-acids-bases", "Ünknown"]
    counts = [{"topic_ref": topic, "correct": 1, "total": 2} for topic in known + strange]
    row = attempt("u", "t", at=1e9, subject_ref=ALGEBRA, topic_performance=counts)
    listed = {name for kind, name in unresolved(tmp_path, row) if kind == "topic"}
    assert listed == set(strange)


def test_topics_of_an_attempt_with_answers_are_not_asked_for(tmp_path: Path) -> None:
    counts = [{"topic_ref": "Ünknown", "correct": 1, "total": 2}]
    row = attempt("u", "t", at=1e9, answers=[answer(1, "q", True)], topic_performance=counts)
    assert ("topic", "Ünknown") not in unresolved(tmp_path, row)


def test_a_subject_is_picked_up_when_the_catalogue_has_it(tmp_path: Path) -> None:
    row = attempt("u", "t", at=1e9, subject_ref=uuid_of("new"))
    assert ("subject", uuid_of("new")) in unresolved(tmp_path / "before", row)
    subjects = [{"subject_id": uuid_of("new"), "code": "N", "name": "New"}]
    later = unresolved(tmp_path / "after", row, catalogue_subjects=subjects)
    assert ("subject", uuid_of("new")) not in later
