"""Commands of `mavprep` that need no Dagster; the composition root mounts them."""
