"""Slugs and the closure of the topic tree."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mavprep_analytics.catalogue.topics import Topic, TopicCycle, closure, slug, within_subjects


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Chain Rule", "chain-rule"),
        ("Rules & Tricks!", "rules-tricks-"),
        ("x_y", "x-y"),
        ("Équations 2", "équations-2"),
    ],
)
def test_a_slug_has_one_hyphen_for_every_run_of_other_characters(name: str, expected: str) -> None:
    assert slug(name) == expected


@settings(deadline=None)
@given(st.text())
def test_a_slug_is_its_own_slug(name: str) -> None:
    assert slug(slug(name)) == slug(name)


@settings(deadline=None)
@given(st.lists(st.integers(min_value=0), min_size=1, max_size=40))
def test_the_closure_holds_every_ancestor_with_its_distance(choices: list[int]) -> None:
    topics = [
        Topic(str(n), "s", str(choice % n) if n and choice % 3 else None, f"t{n}")
        for n, choice in enumerate(choices)
    ]
    parents = {topic.id: topic.parent for topic in topics}
    expected = set()
    for topic in topics:
        chain: list[str] = [topic.id]
        while parents[chain[-1]] is not None:
            chain.append(str(parents[chain[-1]]))
        expected |= {(topic.id, a, d, len(chain) - d) for d, a in enumerate(chain)}
    links = closure(topics)
    assert {(x.topic_id, x.ancestor_id, x.distance, x.ancestor_depth) for x in links} == expected
    assert [(x.topic_id, x.ancestor_id) for x in links] == sorted((t, a) for t, a, *_ in expected)


def test_a_thousand_levels_are_no_limit() -> None:
    topics = [Topic(str(n), "s", str(n - 1) if n else None, "t") for n in range(1000)]
    assert max(link.distance for link in closure(topics)) == 999


def test_topics_that_go_round_are_named_without_those_that_only_lead_there() -> None:
    topics = [Topic("a", "s", "b", "A"), Topic("b", "s", "c", "B"), Topic("c", "s", "b", "C")]
    with pytest.raises(TopicCycle, match=r"B \(b\) > C \(c\) > B \(b\)") as caught:
        closure(topics)
    assert "A (a)" not in str(caught.value)


def test_a_topic_that_is_its_own_parent_is_refused() -> None:
    with pytest.raises(TopicCycle):
        closure([Topic("a", "s", "a", "A")])


def test_a_parent_of_another_subject_or_none_is_no_parent() -> None:
    topics = [
        Topic("a", "s", None, "A"),
        Topic("b", "other", "a", "B"),
        Topic("c", "s", "lost", "C"),
    ]
    assert [topic.parent for topic in within_subjects(topics)] == [None, None, None]
