"""Every check, in the order in which its findings are told, and what runs them."""

from collections.abc import Callable, Iterator

from nurturekit.errors import CallError
from nurturekit.lint import content, entering, ownership, pressure, scoring, sequences
from nurturekit.lint.draft import Draft
from nurturekit.lint.findings import Finding
from nurturekit.playbook import Playbook
from nurturekit.records import EMPTY_WORLD, World

# inference: a quarter, as far as campaigns are planned.
HORIZON_DAYS = 90

Check = Callable[[Draft], Iterator[Finding]]

CHECKS: tuple[Check, ...] = (
    scoring.dead_rules,
    scoring.bands_never_hit,
    scoring.gates_out_of_reach,
    ownership.shadowed_rows,
    entering.never_entered,
    entering.not_continued,
    entering.vain_triggers,
    entering.unfulfilled_goals,
    sequences.unreachable_steps,
    sequences.beyond_horizon,
    sequences.no_end,
    pressure.never_opens,
    pressure.capped_out,
    content.no_content_left,
)


def findings(
    playbook: Playbook, *, world: World = EMPTY_WORLD, horizon_days: int = HORIZON_DAYS
) -> tuple[Finding, ...]:
    """Return what loads but can't work in a playbook, in the order of `CHECKS`.

    What is reported is proven: no lead, history or instant makes it work. What isn't reported may
    still not work.

    Args:
        playbook: The playbook.
        world: Whose content library counts; without any, content isn't looked at.
        horizon_days: How far anybody plans, in days.

    Raises:
        CallError: `out-of-range` for a horizon below one day.

    >>> from nurturekit.presets import PRESETS, preset
    >>> findings(preset(PRESETS[0]))
    ()
    """
    if type(horizon_days) is not int or horizon_days < 1:
        raise CallError("out-of-range", argument="horizon_days", problem="must be a number from 1")
    draft = Draft(playbook=playbook, world=world, horizon_days=horizon_days)
    return tuple(found for check in CHECKS for found in check(draft))
