"""Alerts by recipient: one message each, the most urgent reason first.

Source: S4-6 (predefined triggers alert the rep).
"""

import html
import re
from collections.abc import Iterable, Iterator, Mapping

import attrs

from nurturekit.answers import Alert
from nurturekit.decision import Decision
from nurturekit.records import FrozenMap
from nurturekit.vocabulary import Team

# Why people are told, the most urgent first, with its title.
REASONS: Mapping[str, str] = FrozenMap(
    {
        "not_taken": "nobody has taken it",
        "escalation": "still past due",
        "reminder": "past due",
        "hand_raise": "asked for sales",
        "account_engaged": "several people of the account",
        "new_intent": "new intent",
        "weaker_evidence": "weaker evidence",
    }
)
_URGENCY = {reason: place for place, reason in enumerate(REASONS)}


@attrs.frozen(kw_only=True, repr=False)
class Digest:
    """Everything to tell one recipient, at once.

    Args:
        to: `rep`, `sales`, `marketing` or `manager`.
        rep: The person, if one is known.
        alerts: What to tell, the most urgent reason first, then by lead; each alert once.
    """

    to: str
    rep: str | None = None
    alerts: tuple[Alert, ...] = ()

    @property
    def recipient(self) -> str:
        """The person's id, else the team."""
        return self.rep or self.to

    def __repr__(self) -> str:
        return f"Digest({self.recipient}, {len(self.alerts)} alerts)"

    def __str__(self) -> str:
        return self.text()

    def groups(self) -> Iterator[tuple[str, tuple[Alert, ...]]]:
        """Yield each reason with its alerts, the most urgent first."""
        for reason in dict.fromkeys(alert.reason for alert in self.alerts):
            yield reason, tuple(alert for alert in self.alerts if alert.reason == reason)

    def text(self) -> str:
        """Return the digest for people: reasons, and a line per alert."""
        lines = [self._head()]
        for reason, alerts in self.groups():
            lines += [f"{REASONS.get(reason, reason)}:", *(f"  {_line(one)}" for one in alerts)]
        return "\n".join(lines)

    def _head(self) -> str:
        leads = len({alert.lead_id for alert in self.alerts})
        return (
            f"{self.recipient}: {len(self.alerts)} alert{'' if len(self.alerts) == 1 else 's'} "
            f"about {leads} lead{'' if leads == 1 else 's'}"
        )

    def rows(self) -> list[dict[str, object]]:
        """Return a flat row per alert, ready for any data frame."""
        return [
            {
                "to": self.to,
                "recipient": self.recipient,
                "reason": alert.reason,
                "lead_id": alert.lead_id,
                "because": alert.because,
                "people": ", ".join(alert.people),
                "evidence": ", ".join(alert.evidence),
                "alert_id": alert.id,
            }
            for alert in self.alerts
        ]

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<tr><td>{html.escape(REASONS.get(alert.reason, alert.reason))}</td>"
            f"<td>{html.escape(_line(alert))}</td></tr>"
            for alert in self.alerts
        )
        return f"<table><caption>{html.escape(self._head())}</caption>{rows}</table>"


def _line(alert: Alert) -> str:
    # A sentence that names the people itself isn't followed by their ids again.
    unnamed = [one for one in alert.people if not _names(alert.because, one)]
    people = f" ({', '.join(unnamed)})" if unnamed else ""
    return f"{alert.lead_id}: {alert.because}".removesuffix(": ") + people


def _names(text: str, person: str) -> bool:
    return re.search(rf"(?<![\w-]){re.escape(person)}(?![\w-])", text) is not None


def digest(decisions: Iterable[Decision]) -> tuple[Digest, ...]:
    """Gather the alerts of many decisions into one digest per recipient.

    A person gets one digest, whether told as the lead's rep or for the sales team; what is for a
    rep nobody knows goes to sales.

    Args:
        decisions: Decisions, in any order; an alert that several of them hold is told once.

    Returns:
        The digests, by recipient: to whom, then which person.

    >>> digest([])
    ()
    """
    held = sorted((alert for decision in decisions for alert in decision.alerts), key=_order)
    alerts: dict[str, Alert] = {}
    for alert in held:
        alerts.setdefault(alert.id, alert)
    told: dict[tuple[str, str], list[Alert]] = {}
    for alert in alerts.values():
        told.setdefault(_recipient(alert), []).append(alert)
    return tuple(
        Digest(to=to, rep=rep or None, alerts=tuple(found))
        for (to, rep), found in sorted(told.items())
    )


def _order(alert: Alert) -> tuple[int, tuple[str, ...], tuple[str, ...]]:
    # The rest only settles which of two wordings of one alert counts, in no order of arrival.
    words = (alert.reason, alert.lead_id, alert.id, alert.to, alert.rep or "", alert.because)
    return _URGENCY.get(alert.reason, len(_URGENCY)), words, (*alert.people, *alert.evidence)


def _recipient(alert: Alert) -> tuple[str, str]:
    if alert.to in ("rep", Team.SALES):
        return ("rep", alert.rep) if alert.rep else (str(Team.SALES), "")
    return alert.to, alert.rep or ""
