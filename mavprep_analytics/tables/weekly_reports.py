"""The ledgers of the weekly report: the outbox, who is never mailed, and what providers told about mails."""

from mavprep_analytics.tables.declaration import (
    DATE,
    INTEGER,
    JSON,
    TEXT,
    TIMESTAMP,
    Column,
    Layer,
    Pii,
    Table,
    user_id,
)

STATUSES = ("ready", "claimed", "sent", "failed", "suppressed", "unknown", "expired")
KINDS = ("full", "first", "quiet")
EVENTS = ("send", "delivery", "bounce", "complaint")

weekly_reports = Table(
    "weekly_reports",
    Layer.LEDGER,
    "weekly_reports",
    "student of the audience and reported week",
    ("user_id", "week_start"),
    (
        user_id(),
        Column("week_start", DATE, "The Monday of the reported week, local to the student."),
        Column("kind", TEXT, "After activity, after the first activity, or quiet.", allowed=KINDS),
        Column("language", TEXT, "Of the mail, e.g. en."),
        Column("timezone", TEXT, "IANA zone of the student's week and send time."),
        Column("due_at", TIMESTAMP, "Monday after the week, 07:00 local."),
        Column("payload", JSON, "Every number of the mail, frozen; no name, no address."),
        Column("payload_version", INTEGER, "Shape of the payload.", minimum=1),
        Column("template_version", TEXT, "Digest of the templates; null: not sent.", nullable=True),
        Column("subject", TEXT, "The subject line."),
        Column("as_of", DATE, "As-of date of the numbers."),
        Column("lake_version", INTEGER, "Lake version that they were read from.", minimum=1),
        Column("status", TEXT, "Where the mail stands.", allowed=STATUSES),
        Column("reason", TEXT, "Why it stands there; null: nothing to say.", nullable=True),
        Column("attempts", INTEGER, "Calls to the mail service.", minimum=0),
        Column("backend", TEXT, "file, smtp or ses; null: never tried.", nullable=True),
        Column("message_id", TEXT, "As the service named it; null: not sent.", nullable=True),
        Column("claimed_by", TEXT, "Lock key of the claiming run; null: never.", nullable=True),
        Column("claimed_at", TIMESTAMP, "Null: never.", nullable=True),
        Column("sent_at", TIMESTAMP, "When the service accepted it; null: not.", nullable=True),
        Column("created_at", TIMESTAMP, "When the payload was frozen."),
        Column("updated_at", TIMESTAMP, "When the row last changed."),
    ),
    note="A row is never rebuilt: a second run adds only students who have none yet.",
)

mail_suppressions = Table(
    "mail_suppressions",
    Layer.LEDGER,
    "weekly_reports",
    "student or address that gets no weekly report",
    ("scope", "key"),
    (
        Column("scope", TEXT, "What the key is.", allowed=("user", "address")),
        Column("key", TEXT, "The user id, or the keyed hash of an address.", pii=Pii.PSEUDONYM),
        Column("reason", TEXT, "Such as unsubscribed, bounce, complaint."),
        Column("created_at", TIMESTAMP, "Since when."),
    ),
)

mail_events = Table(
    "mail_events",
    Layer.LEDGER,
    "weekly_reports",
    "kind of event that a provider reported of a message",
    ("message_id", "kind"),
    (
        Column("message_id", TEXT, "As in weekly_reports."),
        Column("kind", TEXT, "What happened.", allowed=EVENTS),
        Column("occurred_at", TIMESTAMP, "When, by the provider; the first copy counts."),
    ),
)

TABLES = (weekly_reports, mail_suppressions, mail_events)
