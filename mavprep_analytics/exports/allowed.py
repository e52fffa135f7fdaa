"""Whose exports are taken: a person may name the bucket, the AWS account and the tables. No I/O."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from mavprep_analytics.exports.manifests import Export
from mavprep_analytics.exports.refusals import Foreign

if TYPE_CHECKING:
    from mavprep_analytics.settings import Settings


@dataclass(frozen=True)
class Allowed:
    """What exports must say of themselves; what is empty is not checked.

    Args:
        bucket: the bucket that AWS wrote them to.
        account: the AWS account that the tables belong to.
        tables: ARNs of the tables.
    """

    bucket: str = ""
    account: str = ""
    tables: frozenset[str] = field(default_factory=frozenset)

    @classmethod
    def of(cls, settings: "Settings") -> "Allowed":
        """Return what the environment allows."""
        tables = frozenset(settings.allowed_export_table_arns)
        return cls(settings.export_bucket, settings.export_account, tables)

    def check(self, export: Export) -> None:
        """Raise Foreign when an export is none of ours."""
        account = export.table_arn.split(":")[4]
        for name, found, wanted, variable in (
            ("bucket", export.bucket, self.bucket and {self.bucket}, "MAVPREP_EXPORT_BUCKET"),
            ("account", account, self.account and {self.account}, "MAVPREP_EXPORT_ACCOUNT"),
            ("table", export.table_arn, self.tables, "MAVPREP_EXPORT_ALLOWED_TABLES"),
        ):
            if wanted and found not in wanted:
                raise Foreign(
                    f"{export.base_name} comes from the {name} {found}, which {variable} does not name",
                    "Remove the export, or correct the variable",
                )
