"""Batch learner analytics for MavPrep: the library. It never imports Dagster; `assets` imports it."""
