"""Simulates a campus and writes it as exports, catalogue and truth.

Here: the order of the work, batch by batch, so memory does not grow with the answers. The same arguments
give the same bytes. Not here: the drawing of anything.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq

from mavprep_analytics.campus.attempt_draws import Attempts, draw_attempts
from mavprep_analytics.campus.attempt_items import AttemptTexts
from mavprep_analytics.campus.campus_folder import (
    DEFAULT_UNTIL,
    CampusWritten,
    Progress,
    begin_campus,
    finish_campus,
    finished_campus,
)
from mavprep_analytics.campus.catalogue import Catalogue, Floats, draw_catalogue
from mavprep_analytics.campus.catalogue_files import write_catalogue
from mavprep_analytics.campus.catalogue_rows import catalogue_rows
from mavprep_analytics.campus.community import Books, Earnings, community_items
from mavprep_analytics.campus.daily_items import Streaks, daily_items
from mavprep_analytics.campus.destinations import LocalFolder
from mavprep_analytics.campus.flashcard_items import flashcard_items
from mavprep_analytics.campus.learning import after_week
from mavprep_analytics.campus.nights import Nights
from mavprep_analytics.campus.population import (
    BATCH_STUDENTS,
    Population,
    draw_abilities,
    draw_form,
    draw_population,
)
from mavprep_analytics.campus.profile_items import profile_items
from mavprep_analytics.campus.reputation_items import reputation_items
from mavprep_analytics.campus.study_plan_items import study_plan_items
from mavprep_analytics.campus.table_exports import (
    COMMENTS,
    COMMUNITY,
    FLASHCARDS,
    PROGRESS,
    REPUTATION,
    STUDY_PLANS,
    TableExports,
)
from mavprep_analytics.campus.term_calendar import Term
from mavprep_analytics.campus.truth_files import TRUTH_SCHEMA, truth_rows, write_question_truth
from mavprep_analytics.errors import Misconfigured
from mavprep_analytics.periods import end_of_day


@dataclass(frozen=True)
class CampusPlan:
    """What is simulated; two equal plans give equal bytes."""

    students: int
    weeks: int
    seed: int
    until: date = DEFAULT_UNTIL
    nights: int = 0

    def identity(self) -> dict[str, object]:
        """Return the plan as `campus.json` states it."""
        return {
            "source": "simulation",
            "seed": self.seed,
            "students": self.students,
            "weeks": self.weeks,
            "as_of": self.until.isoformat(),
            "nights": self.nights,
        }


def simulate_campus(plan: CampusPlan, out: Path, progress: Progress | None = None) -> CampusWritten:
    """Write a campus into a folder, which then is a valid exports URL.

    Args:
        plan: what to simulate.
        out: an empty or new folder, or one that holds this campus.
        progress: called with students done and students in all, if given.

    Raises:
        Misconfigured: the plan is empty or the folder holds something else.
    """
    _check(plan)
    found = finished_campus(out, plan.identity())
    if found is not None:
        return CampusWritten(out, found, was_there=True)
    begin_campus(out, plan.identity())
    description = plan.identity() | {"counts": _Simulation(plan, out, progress).run()}
    finish_campus(out, description)
    return CampusWritten(out, description, was_there=False)


def _check(plan: CampusPlan) -> None:
    if plan.students < 1 or plan.weeks < 1 or plan.seed < 0:
        raise Misconfigured(
            f"a campus of {plan.students} students, {plan.weeks} weeks and seed {plan.seed}",
            "Students and weeks must be 1 or more, the seed 0 or more",
        )
    if not 0 <= plan.nights < 7 * plan.weeks:
        raise Misconfigured(
            f"{plan.nights} nights in {plan.weeks} weeks", "Nights must be fewer than the days"
        )


class _Simulation:
    def __init__(self, plan: CampusPlan, out: Path, progress: Progress | None) -> None:
        self._plan, self._out, self._progress = plan, out, progress
        self._term = Term(plan.until, plan.weeks)
        self._catalogue: Catalogue = draw_catalogue(plan.seed)
        self._population: Population = draw_population(plan.seed, plan.students, plan.weeks)
        self._texts = AttemptTexts(self._catalogue)
        self._answers = 0

    def run(self) -> dict[str, object]:
        """Write everything and return the counts."""
        rows = catalogue_rows(self._catalogue, self._term.first_day)
        tables: dict[str, object] = dict(write_catalogue(self._out / "catalogue", rows))
        write_question_truth(self._out / "truth_questions.parquet", self._catalogue)
        until = end_of_day(self._plan.until)
        seed = f"campus-{self._plan.seed}"
        destination = LocalFolder(self._out)
        with TableExports(destination, until, self._plan.nights, seed) as exports:
            with pq.ParquetWriter(self._out / "truth.parquet", TRUTH_SCHEMA) as truth:
                for start in range(0, self._plan.students, BATCH_STUDENTS):
                    stop = min(start + BATCH_STUDENTS, self._plan.students)
                    self._batch(exports, truth, range(start, stop))
                    if self._progress is not None:
                        self._progress(stop, self._plan.students)
            self._community(exports)
            written = exports.finish()
        items: dict[str, int] = {}
        for export in written:
            items[export.table.name] = items.get(export.table.name, 0) + export.item_count
        return {"answers": self._answers, "items": items, "catalogue": tables}

    def _batch(self, exports: TableExports, truth: pq.ParquetWriter, students: range) -> None:
        rng = np.random.default_rng([self._plan.seed, 2, students.start])
        people, catalogue, term = self._population, self._catalogue, self._term
        nights = Nights(np.random.default_rng([self._plan.seed, 4, students.start]), exports)
        nights.add_accounts(profile_items(rng, people, students, term))
        for card in flashcard_items(rng, catalogue, people, students, term, exports.cutoff):
            exports.add_versions(FLASHCARDS, card)
        planned = Term(term.until - timedelta(days=exports.nights), term.weeks)
        exports.add(STUDY_PLANS, study_plan_items(rng, catalogue, people, students, planned))
        overall, leaves = draw_abilities(rng, len(students), catalogue)
        abilities = leaves + self._weeks(rng, nights, exports, students, leaves)
        chosen = slice(students.start, students.stop)
        form = draw_form(rng, len(students))
        ids, enrolled = people.user_ids[chosen], people.enrolled[chosen]
        rows = truth_rows(catalogue, ids, enrolled, overall, abilities, form)
        truth.write_table(rows)

    def _weeks(
        self,
        rng: np.random.Generator,
        nights: Nights,
        exports: TableExports,
        students: range,
        leaves: Floats,
    ) -> Floats:
        """Write all attempts and days of a batch and return what practice added to abilities."""
        people, catalogue, term = self._population, self._catalogue, self._term
        batch = slice(students.start, students.stop)
        user_ids = people.user_ids[batch]
        streaks = Streaks.none(len(students))
        rate = rng.gamma(4.0, 0.25, len(students))
        gain = np.zeros_like(leaves)
        for week in range(term.weeks):
            attempts = draw_attempts(rng, catalogue, people, batch, leaves + gain, term, week)
            items = self._texts.items(rng, attempts, user_ids)
            ends = (attempts.started + attempts.seconds).tolist()
            for item, end in zip(items, ends, strict=True):
                nights.add_attempt(item, end)
            for end, day in daily_items(rng, catalogue, attempts, streaks, user_ids, term):
                exports.add_written(PROGRESS, day, end)
            gain = after_week(gain, rate, self._practice(attempts, leaves))
            self._answers += len(attempts.question)
        return gain

    def _practice(self, attempts: Attempts, leaves: Floats) -> Floats:
        leaf = self._catalogue.questions.leaf[attempts.question]
        cell = attempts.student[attempts.of_attempt] * leaves.shape[1] + leaf
        counts = np.bincount(cell, minlength=leaves.size).reshape(leaves.shape)
        return counts.astype(np.float64)

    def _community(self, exports: TableExports) -> None:
        rng = np.random.default_rng([self._plan.seed, 3])
        people, catalogue, term = self._population, self._catalogue, self._term
        books = Books(Earnings.none(len(people)), Earnings.none(len(people)), exports.cutoff)
        for kind, moment, item in community_items(rng, catalogue, people, term, books):
            exports.add_written(COMMUNITY if kind == "post" else COMMENTS, item, moment)
        for versions in reputation_items(rng, catalogue, people, term, books):
            exports.add_versions(REPUTATION, versions)
