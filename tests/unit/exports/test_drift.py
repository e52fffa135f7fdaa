"""Unknown attributes: every one is counted, at full speed once it is known to be unknown."""

import export_items as make

from mavprep_analytics.campus.dynamodb_json import item_text
from mavprep_analytics.exports.decoding import Decoder
from mavprep_analytics.exports.texts import Text

HORIZON = 10**18


def test_an_attribute_that_every_item_has_is_counted_on_every_item() -> None:
    decoder = Decoder("arn", HORIZON, is_change=False)
    items = [
        make.deck(f"u{n}", colour="red", **({"odd name.x": "1"} if n % 3 else {})) for n in range(9)
    ]
    decoder.decode(Text.of_lines(f'{{"Item":{item_text(item)}}}'.encode() for item in items))
    assert decoder.result.accepted == {"deck": 9}
    assert decoder.result.drift == {("deck", "colour"): 9, ("deck", "odd name.x"): 6}


def test_unknown_attributes_inside_of_what_may_be_absent_are_counted_too() -> None:
    topic = {"topicId": "t", "scheduledDate": "2026-01-22", "completed": True, "priority": 1}
    subject = {"subjectId": "s", "subjectName": "S", "topics": [topic], "colour": "red"}
    milestone = {"date": "2026-02-01", "description": "x", "completed": False, "icon": "x"}
    levels = {"expert": {"correct": 1, "total": 2}, "easy": {"correct": 1, "total": 2, "rank": 1}}
    items = [
        make.attempt(difficultyBreakdown=levels),
        make.plan(subjects=[subject], milestones=[milestone]),
        make.reputation(
            badges=[{"id": "b", "name": "B", "earnedDate": "2025-01-15", "tier": 1}],
            reputationHistory=[{"date": "2025-01-20", "change": 1, "reason": "x", "by": "y"}],
        ),
    ]
    decoder = Decoder("arn", HORIZON, is_change=False)
    decoder.decode(Text.of_lines(f'{{"Item":{item_text(item)}}}'.encode() for item in items * 2))
    assert decoder.result.drift == {
        ("attempt", "difficultyBreakdown.expert"): 2,
        ("attempt", "difficultyBreakdown.easy.rank"): 2,
        ("study_plan", "subjects[].colour"): 2,
        ("study_plan", "subjects[].topics[].priority"): 2,
        ("study_plan", "milestones[].icon"): 2,
        ("reputation", "badges[].tier"): 2,
        ("reputation", "reputationHistory[].by"): 2,
    }
    assert decoder.result.accepted == {"attempt": 2, "study_plan": 2, "reputation": 2}


def test_nested_unknown_attributes_are_counted_once_an_item() -> None:
    decoder = Decoder("arn", HORIZON, is_change=False)
    item = make.settings(
        privacy={"profileVisible": True, "ghost": 1}, preferences={"font": "serif"}
    )
    topics = {name: {"correct": 1, "total": 2, "rank": 1} for name in ("a", "b")}
    lines = [item, item, make.attempt(topicPerformance=topics)]
    decoder.decode(Text.of_lines(f'{{"Item":{item_text(line)}}}'.encode() for line in lines))
    assert decoder.result.drift == {
        ("settings", "privacy.ghost"): 2,
        ("settings", "preferences.font"): 2,
        ("attempt", "topicPerformance[].rank"): 1,
    }
    assert decoder.result.accepted.total() == 3
