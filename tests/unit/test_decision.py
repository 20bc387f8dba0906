"""What a decision says: as JSON, as text, as HTML; and the touch that an action becomes."""

import html
import json
from datetime import datetime

import attrs
import pytest

import nurturekit as nk
from nurturekit.answers import Duty, Ownership, Reason
from nurturekit.errors import RecordError
from nurturekit.instants import to_us
from nurturekit.records import FrozenMap
from tests.builders import LEAD, day, moved

NOON = to_us(day(0, 12), field="noon")
ACTION = nk.Action(
    id="action-1",
    lead_id=LEAD.id,
    channel=nk.Channel.EMAIL,
    style=nk.Style.AUTOMATED,
    team=nk.Team.MARKETING,
    earliest_us=NOON,
    rep="rep-7",
    content="guide",
    sequence="nurture",
    run="1@1",
    step="one",
)


def decision(**fields):
    """Return a decision with what is said and nothing else."""
    bare = nk.Decision(
        lead_id=LEAD.id,
        as_of_us=NOON,
        score=nk.Score(milli=12_500),
        stage=nk.Stage.INQUIRY,
        ownership=Ownership(accountable=nk.Team.MARKETING, answerable=nk.Team.MARKETING),
    )
    return attrs.evolve(bare, **fields)


class TestDict:
    def test_holds_every_field(self):
        """Each field is there under its own name, empty ones too; the instant as text."""
        told = decision().to_dict()
        names = {field.name for field in attrs.fields(nk.Decision)}
        assert set(told) == names - {"as_of_us"} | {"as_of"}
        assert told["as_of"] == "2026-03-02T12:00:00Z"
        assert (told["handoff"], told["actions"], told["stage"]) == (None, [], "inquiry")

    def test_instants_are_text_everywhere(self):
        """Actions, duties, handoffs, requests and blocked actions say when in RFC 3339."""
        duty = Duty(
            kind="answer",
            team=nk.Team.SALES,
            rep=None,
            due_us=NOON,
            about="t1",
            agreed=True,
            because="a hand-raise",
        )
        ownership = attrs.evolve(decision().ownership, duties=(duty,), since_us=NOON)
        handoff = nk.Handoff(
            id="h",
            giver=nk.Team.MARKETING,
            taker=nk.Team.SALES,
            rep=None,
            due_us=NOON,
            evidence=("t1",),
        )
        blocked = nk.Blocked(code="capped", reason="enough", until_us=NOON, action=ACTION)
        told = decision(
            ownership=ownership,
            handoff=handoff,
            actions=(attrs.evolve(ACTION, latest_us=NOON),),
            blocked=(blocked,),
            moves=(moved("offered", 0, due=day(0, 12), at=day(0, 12)),),
        ).to_dict()
        noon = "2026-03-02T12:00:00Z"
        assert told["ownership"]["duties"][0]["due"] == told["ownership"]["since"] == noon
        assert told["handoff"]["due"] == noon
        assert told["actions"][0]["earliest"] == told["actions"][0]["latest"] == noon
        assert told["blocked"][0]["until"] == told["blocked"][0]["action"]["earliest"] == noon
        assert told["moves"][0]["due"] == told["moves"][0]["occurred_at"] == noon
        assert "_us" not in json.dumps(told)

    def test_a_users_own_names_stay(self):
        """A kind or dimension whose name ends like an instant's field keeps name and number."""
        score = nk.Score(
            milli=1,
            dimensions=FrozenMap({"about_us": 5000}),
            unknown_kinds=FrozenMap({"contact_us": 2}),
        )
        told = decision(score=score).to_dict()["score"]
        assert told["dimensions"] == {"about_us": 5000}
        assert told["unknown_kinds"] == {"contact_us": 2}

    def test_json_is_canonical(self):
        """Sorted keys, no spaces, ASCII; reading it gives the dictionary."""
        made = decision(
            notes=("Grüße",),
            ownership=Ownership(
                accountable=nk.Team.SALES,
                answerable=nk.Team.SALES,
                allowed=FrozenMap({nk.Team.SALES: frozenset(nk.Style)}),
            ),
        )
        text = made.to_json()
        assert json.loads(text) == made.to_dict()
        assert text.isascii()
        assert text == json.dumps(json.loads(text), sort_keys=True, separators=(",", ":"))
        assert made.to_dict()["ownership"]["allowed"] == {
            "sales": ["automated", "mass", "one_to_one"]
        }


class TestText:
    REASONS = (
        Reason(part="row 9", text="not ready", source="S3-4"),
        Reason(part="move", text="owner"),
    )

    def test_why_begins_with_who_and_when(self):
        """The first line says lead, instant, stage, team and rep; then a line per reason."""
        head, *lines = decision(reasons=self.REASONS).why().splitlines()
        assert head == "lead-1 at 2026-03-02T12:00:00Z: inquiry, marketing accountable"
        assert lines == ["  row 9: not ready [S3-4]", "  move: owner"]
        owned = attrs.evolve(decision().ownership, rep="rep-7")
        assert decision(ownership=owned).why().endswith("marketing accountable, rep-7")

    def test_html_escapes(self):
        """No text of a record, rep or policy becomes markup."""
        script = "<script>alert('x')</script>"
        reason = Reason(part=script, text=script, source=script)
        owned = attrs.evolve(decision().ownership, rep=script)
        made = decision(lead_id=script, ownership=owned, reasons=(reason,))._repr_html_()
        assert "<script" not in made
        assert made.count(html.escape(script)) == 5
        assert made.startswith("<table>")

    def test_html_has_a_row_per_reason(self):
        """Each reason is a row with its source."""
        made = decision(reasons=self.REASONS)._repr_html_()
        assert made.count("<tr>") == 2
        assert "<td>S3-4</td>" in made

    def test_the_next_action_is_the_first(self):
        """None where nothing is to do."""
        other = attrs.evolve(ACTION, id="action-2")
        assert decision(actions=(ACTION, other)).next_action is ACTION
        assert decision().next_action is None


class TestAnswers:
    def test_instants_read_as_datetimes(self):
        """What is kept in microseconds is also there as a datetime, or None."""
        assert (ACTION.earliest, ACTION.latest) == (day(0, 12), None)
        assert attrs.evolve(ACTION, latest_us=NOON).latest == day(0, 12)
        blocked = nk.Blocked(code="capped", reason="enough")
        assert blocked.until is None
        assert attrs.evolve(blocked, until_us=NOON).until == day(0, 12)
        assert decision().ownership.since is None
        assert nk.Score(milli=12_500).points == 12.5


class TestPerformed:
    def test_an_automated_mail(self):
        """What a sequence sent is a playbook's automated touch with content, run and step."""
        touch = nk.performed(ACTION, at=day(0, 13))
        assert (touch.id, touch.kind, touch.origin) == ("touch-action-1", "email_sent", "playbook")
        assert (touch.automated, touch.rep, touch.style) == (True, None, "automated")
        assert (touch.asset, touch.sequence, touch.run, touch.step) == (
            "guide",
            "nurture",
            "1@1",
            "one",
        )
        assert (touch.direction, touch.channel, touch.occurred_at) == (
            "outbound",
            "email",
            day(0, 13),
        )

    def test_a_call(self):
        """What a rep did is a person's touch with its rep and outcome."""
        call = attrs.evolve(ACTION, channel=nk.Channel.PHONE, style=nk.Style.ONE_TO_ONE)
        touch = nk.performed(call, at=day(0, 13), outcome="voicemail")
        assert (touch.kind, touch.origin, touch.rep) == ("call_made", "person", "rep-7")
        assert (touch.automated, touch.outcome) == (False, nk.Outcome.VOICEMAIL)

    @pytest.mark.parametrize(
        ("channel", "style", "kind"),
        [
            ("email", "mass", "newsletter_sent"),
            ("meeting", "one_to_one", "meeting_held"),
            ("social", "one_to_one", "social_sent"),
            ("sms", "automated", "sms_sent"),
        ],
    )
    def test_each_has_its_kind(self, channel, style, kind):
        """Mass mail is a newsletter; channels without a name of their own are `..._sent`."""
        action = attrs.evolve(ACTION, channel=nk.Channel(channel), style=nk.Style(style))
        assert nk.performed(action, at=day(0)).kind == kind

    @pytest.mark.parametrize(
        ("fields", "code"),
        [
            ({"at": datetime(2026, 3, 2)}, "naive-datetime"),
            ({"at": day(0), "outcome": "voicemial"}, "unknown-word"),
        ],
    )
    def test_what_it_refuses(self, fields, code):
        """A naive instant and an unknown outcome are no touch."""
        with pytest.raises(RecordError) as caught:
            nk.performed(ACTION, **fields)
        assert caught.value.code == code
