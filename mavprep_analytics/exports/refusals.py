"""Why an export is refused: one class per reason, each with the code that listings and logs show.

All are `DataRefused` (exit code 30) and are raised before the lake is touched.
"""

from mavprep_analytics.errors import DataRefused


class ExportRefused(DataRefused):
    """An export, or a chain of exports, that must not be used as it is."""

    code = "refused"


class BadManifest(ExportRefused):
    """A manifest cannot be understood, contradicts itself, or fails its checksum."""

    code = "bad_manifest"


class HostileKey(ExportRefused):
    """A manifest names an object outside its own export folder."""

    code = "hostile_key"


class Foreign(ExportRefused):
    """An export of another bucket, account or table than a person has named."""

    code = "foreign"


class MissingFile(ExportRefused):
    """A data file that the manifest lists is not there."""

    code = "missing_file"


class DataMismatch(ExportRefused):
    """A data file is not the bytes, or not the lines, that the manifest promises."""

    code = "data_mismatch"


class ExportMutated(ExportRefused):
    """One export ARN with two contents."""

    code = "export_mutated"


class Gap(ExportRefused):
    """A window is missing between the head of a chain and its next export."""

    code = "gap"


class Overlap(ExportRefused):
    """A window covers time that the chain already covers."""

    code = "overlap"


class NewChain(ExportRefused):
    """The DynamoDB table was made anew, or never had a full export."""

    code = "new_chain"


class Shrink(ExportRefused):
    """A newer full export lacks more users or items than a person has accepted."""

    code = "shrink"


class TooManyQuarantined(ExportRefused):
    """More items of one kind are invalid than an export may hold."""

    code = "too_many_quarantined"


class RepeatedItem(ExportRefused):
    """One item key occurs twice in an export, or lives in two DynamoDB tables."""

    code = "repeated_item"


class TooLarge(ExportRefused):
    """A manifest or data file exceeds what an honest export can hold."""

    code = "too_large"
