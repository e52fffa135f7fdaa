"""Group `sources`: what MavPrep owns and this project only reads."""

import dagster as dg

DYNAMODB_EXPORTS = "dynamodb_exports"
POSTGRES_CATALOGUE = "postgres_catalogue"

SOURCES = [
    dg.AssetSpec(
        DYNAMODB_EXPORTS,
        deps=["export_requests"],
        description="DynamoDB table exports in S3 or a folder, as AWS writes them.",
        group_name="sources",
        owners=["team:product"],
        kinds={"dynamodb", "s3"},
    ),
    dg.AssetSpec(
        POSTGRES_CATALOGUE,
        description="Subjects, topics, questions, tests and videos in MavPrep's Postgres.",
        group_name="sources",
        owners=["team:product"],
        kinds={"postgres"},
    ),
]
