"""The whole mail as formatted texts: what the templates print, in one language, for one student."""

from dataclasses import dataclass

from mavprep_analytics.weekly_reports import headline, sections, standing
from mavprep_analytics.weekly_reports.language import Language
from mavprep_analytics.weekly_reports.links import Links
from mavprep_analytics.weekly_reports.payload import Payload
from mavprep_analytics.weekly_reports.sections import View
from mavprep_analytics.weekly_reports.text import first_name


@dataclass(frozen=True)
class Frame:
    """What surrounds the numbers.

    Args:
        links: the hosts that the mail may lead to.
        unsubscribe: token of the one-click link; empty on the page in the browser.
        view: token of the page in the browser; empty there.
        postal_address: of the sender; empty: none is shown.
    """

    links: Links
    unsubscribe: str = ""
    view: str = ""
    postal_address: str = ""


def build(payload: Payload, words: Language, frame: Frame, name: str | None) -> View:
    """Return everything that the templates print.

    Args:
        payload: the numbers.
        words: the language.
        frame: links and footer.
        name: the student's full name, read at send time; null: greet without it.
    """
    is_quiet = payload.kind == "quiet" or payload.week is None
    week = None if is_quiet else payload.week
    is_rtl = words.direction == "rtl"
    return {
        "lang": words.code,
        "dir": words.direction,
        "start": "right" if is_rtl else "left",
        "end": "left" if is_rtl else "right",
        "subject": headline.subject(payload, words),
        "preheader": headline.preheader(payload, words),
        "period": words.week(payload.week_start),
        "title": headline.title(payload, words, first_name(name)),
        "lead": headline.lead(payload, words),
        "bars": sections.bars(week, words) if week and any(week.days) else [],
        "bars_label": sections.bars_label(week, words) if week else "",
        "tiles": sections.tiles(payload, words) if week else [],
        "compared": _compared(payload, words) if week else "",
        "step": sections.step(payload, words, frame.links),
        "mastery": [] if is_quiet else sections.mastery(payload.mastery, words),
        "legend": sections.legend(payload.mastery, words),
        "sure": sections.sure(words),
        "all_topics": _all_topics(payload, words),
        "progress_url": frame.links.progress(),
        "chances": sections.chances(payload.opportunities, words, frame.links),
        "plan": sections.plan(payload.plan, week, words, frame.links) if payload.plan else None,
        "ranks": [] if is_quiet else standing.ranks(payload.ranks, words),
        **_footer(payload, words, frame),
        "_": words.say,
    }


def _compared(payload: Payload, words: Language) -> str:
    """Return what the tiles are compared with: the week before, and the peers."""
    said = [words.say("Changes compare with the week before.")] if payload.before else []
    if payload.peers:
        said.append(standing.peers(payload.peers, words))
    return " ".join(said)


def _all_topics(payload: Payload, words: Language) -> str:
    """Return the text of the link to all topics; empty when the mail shows them all."""
    if payload.topics <= len(payload.mastery):
        return ""
    return words.count("All {n} topic", "All {n} topics", payload.topics)


def _footer(payload: Payload, words: Language, frame: Frame) -> View:
    links = frame.links
    zone = payload.timezone.replace("_", " ")
    return {
        "why_mailed": words.say(
            "You get this on Mondays because weekly reports are on in your settings. "
            "Days follow the time zone {zone}; numbers as of {day}.",
            zone=zone,
            day=words.day(payload.as_of),
        ),
        "view_url": links.view(frame.view) if frame.view else "",
        "settings_url": links.settings(),
        "unsubscribe_url": links.unsubscribe(frame.unsubscribe) if frame.unsubscribe else "",
        "postal_address": frame.postal_address,
    }
