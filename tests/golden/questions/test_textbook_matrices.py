"""Two mark matrices whose statistics are known to the last printed digit."""

from pathlib import Path

import pytest
from mark_matrices import matrix_rows, question, statistics_of

TEN_BY_FIVE = "11111 11110 11101 11010 10110 11000 10101 01000 10000 00001"
ELEVEN_BY_FOUR = "1111 1111 1110 1101 0111 1100 0011 1000 0100 0010 0000"

GOLDEN = {
    TEN_BY_FIVE: {
        "facility": [0.80, 0.60, 0.50, 0.40, 0.40],
        "item_total_r": [0.6318, 0.4248, 0.8176, 0.6372, 0.3338],
        "item_rest_r": [0.3962, 0.0669, 0.6124, 0.3340, -0.0322],
        "d27": [0.6667, 0.6667, 1.0, 0.6667, 0.3333],
    },
    ELEVEN_BY_FOUR: {
        "item_rest_r": [0.2020, 0.4175, 0.2020, 0.4485],
        "d27": [0.8, 1.0, 0.8, 0.8],
    },
}
RELIABILITY = {TEN_BY_FIVE: (10, 5, 0.4696, 1.0328), ELEVEN_BY_FOUR: (11, 4, 0.5223, 0.9178)}


@pytest.mark.parametrize("matrix", GOLDEN)
def test_the_statistics_of_a_known_matrix_are_exact(tmp_path: Path, matrix: str) -> None:
    tables = statistics_of(tmp_path, matrix_rows(matrix))
    found = {row["question_id"]: row for row in tables["question_statistics"]}
    for column, values in GOLDEN[matrix].items():
        numbers = range(1, len(values) + 1)
        assert [float(found[question(number)][column]) for number in numbers] == values
    (test,) = tables["test_statistics"]
    n, items, kr20, sem = RELIABILITY[matrix]
    assert (test["n"], test["items"]) == (n, items)
    assert float(test["kr20"]) == float(test["alpha"]) == kr20
    assert float(test["sem"]) == sem
