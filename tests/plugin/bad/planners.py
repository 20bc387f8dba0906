"""A planner without a fault, and one with."""

import attrs

import nurturekit as nk


@attrs.frozen(kw_only=True)
class Good:
    """Plan a mail a day from now, where marketing may."""

    plugin = "plans-mail"

    def plan(self, situation, ownership):
        return nk.Plan(actions=(self.action(situation, lead_id=situation.lead.id),))

    def action(self, situation, *, lead_id):
        return nk.Action(
            id="mail",
            lead_id=lead_id,
            channel=nk.Channel.EMAIL,
            style=nk.Style.AUTOMATED,
            team=nk.Team.MARKETING,
            earliest_us=situation.as_of_us + 86_400_000_000,
        )


@attrs.frozen(kw_only=True)
class PlansForAnother(Good):
    plugin = "plans-for-another"

    def plan(self, situation, ownership):
        return nk.Plan(actions=(self.action(situation, lead_id="another"),))
