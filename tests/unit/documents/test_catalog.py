"""What plug-ins supply by name, and documents that cite it."""

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import ClassVar

import attrs
import pytest

import nurturekit as nk
from nurturekit.documents import Catalog, check, diff, dump, dumps, load, loads
from nurturekit.documents.sections.plugin import plain
from nurturekit.errors import ModelError, PluginError
from nurturekit.ownership import Terms
from nurturekit.records import FrozenMap

HEAD = 'format = 1\nextends = "blended"\nname = "mine"\n'
AT = datetime(2026, 11, 2, tzinfo=UTC)


def _day(value):
    return date.fromisoformat(value) if isinstance(value, str) else value


@attrs.frozen
class Part:
    """A part of a plug-in's parameters."""

    size: int
    note: str | None = None


def _parts(value):
    read = {key: one if isinstance(one, Part) else Part(**one) for key, one in value.items()}
    return FrozenMap(read)


@attrs.frozen(kw_only=True)
class Alternating:
    """A plug-in's policy with every sort of parameter."""

    plugin: ClassVar[str] = "alternating"

    team: nk.Team = attrs.field(converter=nk.Team)
    name: str = "alternating"
    share: float = 0.5
    words: tuple[str, ...] = attrs.field(default=(), converter=tuple)
    tags: frozenset[str] = attrs.field(default=frozenset(), converter=frozenset)
    since: date | None = attrs.field(default=None, converter=_day)
    strict: bool = False
    parts: Mapping[str, Part] = attrs.field(factory=FrozenMap, converter=_parts)
    _limit: int = 3
    made: int = attrs.field(default=0, init=False)

    def __attrs_post_init__(self):
        if self.share > 1:
            raise ModelError("out-of-range", path="share", problem="must be at most 1")

    @property
    def terms(self):
        return Terms(max_offers=self._limit)

    def decide(self, situation):
        return nk.Desired(accountable=self.team, allowed={self.team: set(nk.Style)})


@attrs.frozen
class Quiet:
    """A plug-in's planner without parameters."""

    plugin: ClassVar[str] = "quiet"

    def plan(self, situation, ownership):
        return nk.Plan(blocked=(nk.Blocked(code="quiet", reason="not now"),))


@attrs.frozen
class Loud:
    """A plug-in's planner that takes the document's sequences."""

    plugin: ClassVar[str] = "loud"

    sequences: tuple[nk.Sequence, ...] = ()
    times: int = 2

    def plan(self, situation, ownership):
        return nk.SequencePlanner(sequences=self.sequences).plan(situation, ownership)


@attrs.frozen
class Moon:
    """A plug-in's signal."""

    name: str = "moon"

    def measure(self, situation):
        return "full"


CATALOG = Catalog(
    signals={"moon": Moon()},
    policies={"alternating": Alternating},
    planners={"quiet": Quiet(), "loud": Loud},
)
FULL = """[ownership]
plugin = "alternating"
source = "our own"
[ownership.parameters]
team = "sales"
share = 0.25
words = ["a", "b"]
tags = ["z", "y"]
since = 2026-01-05
strict = true
limit = 2
source = "our own"
parts.a = { size = 1, note = "x" }
parts.b = { size = 2 }
"""


def found(text, catalog=CATALOG):
    """Return code and path of each problem."""
    return [(one.code, one.path) for one in check(HEAD + text, catalog=catalog)]


class TestPolicies:
    def test_parameters_become_its_fields(self):
        """Texts, numbers, lists, dates and tables reach the class's converters; terms settle."""
        playbook = loads(HEAD + FULL, catalog=CATALOG)
        assert playbook.ownership == Alternating(
            team="sales",
            share=0.25,
            words=("a", "b"),
            tags={"y", "z"},
            since=date(2026, 1, 5),
            strict=True,
            limit=2,
            parts={"a": Part(1, "x"), "b": Part(2)},
        )
        decision = playbook.decide(nk.Lead(id="l1"), as_of=AT)
        assert decision.ownership.accountable is nk.Team.SALES
        assert decision.moves[0].to == "alternating"

    def test_load_of_a_dump_is_the_identity(self):
        """Tables and JSON give the same playbook and fingerprint back."""
        playbook = loads(HEAD + FULL, catalog=CATALOG)
        for again in (
            load(dump(playbook), catalog=CATALOG),
            loads(dumps(playbook), "json", catalog=CATALOG),
            load(json.loads(dumps(playbook)), catalog=CATALOG),
        ):
            assert again == playbook
            assert again.fingerprint == playbook.fingerprint

    def test_the_fingerprint_tells_parameters_apart(self):
        """Two playbooks that differ in one parameter of a plug-in differ, and where is told."""
        one = loads(HEAD + FULL, catalog=CATALOG)
        other = attrs.evolve(one, ownership=attrs.evolve(one.ownership, share=0.3))
        assert [change.path for change in diff(one, other)] == ["$.ownership.parameters.share"]
        assert nk.documents.fingerprint(other) != one.fingerprint

    def test_a_ready_value(self):
        """A value in place of a class is changed by the document's parameters."""
        ready = Catalog(policies={"alternating": Alternating(team="sales", share=0.1)})
        text = HEAD + '[ownership]\nplugin = "alternating"\nparameters.words = ["a"]\n'
        playbook = loads(text, catalog=ready)
        assert playbook.ownership == Alternating(team="sales", share=0.1, words=("a",))
        assert load(dump(playbook), catalog=ready) == playbook
        bare = loads(HEAD + '[ownership]\nplugin = "alternating"\n', catalog=ready)
        assert bare.ownership == ready.policies["alternating"]

    @pytest.mark.parametrize(
        ("lines", "problems"),
        [
            ('plugin = "alternate"', [("unknown-plugin", "plugin")]),
            ("plugin = 3", [("not-text", "plugin")]),
            ('plugin = "alternating"', [("missing-key", "parameters.team")]),
            ('plugin = "alternating"\nparameters = 3', [("not-a-table", "parameters")]),
            (
                'plugin = "alternating"\nrows = []\nparameters.team = "sales"',
                [("unknown-key", "rows")],
            ),
            (
                'plugin = "alternating"\nparameters.teem = "sales"',
                [("unknown-key", "parameters.teem"), ("missing-key", "parameters.team")],
            ),
            (
                'plugin = "alternating"\nparameters = { team = "sales", share = 2 }',
                [("out-of-range", "parameters.share")],
            ),
            (
                'plugin = "alternating"\nparameters = { team = "both" }',
                [("bad-parameters", "parameters")],
            ),
            (
                'plugin = "alternating"\nparameters = { team = "sales", words = 3 }',
                [("bad-parameters", "parameters")],
            ),
            (
                'plugin = "alternating"\nparameters = { team = "sales", name = "" }',
                [("wrong-type", "name")],
            ),
            (
                'plugin = "alternating"\nparameters = { team = "sales", share = inf }',
                [("not-finite", "parameters.share")],
            ),
        ],
    )
    def test_problems_have_their_place(self, lines, problems):
        """A wrong name, key, number or type is a problem of the document, at its place."""
        places = [(code, f"$.ownership.{path}") for code, path in problems]
        assert found(f"[ownership]\n{lines}\n") == places

    def test_an_unknown_name_lists_what_is_there(self):
        """The names that there are, and the nearest; or how to come by any."""
        text = HEAD + '[ownership]\nplugin = "alternatng"\n'
        (problem,) = check(text, catalog=CATALOG)
        assert "policies are alternating, did you mean `alternating`?" in problem.problem
        (problem,) = check(text)
        assert "`catalog=plugins.load()`" in problem.problem

    def test_parameters_that_do_not_come_back(self):
        """A class whose fields can't be read back from what they write has no document."""

        @attrs.frozen
        class Lossy:
            plugin: ClassVar[str] = "lossy"
            count: int = attrs.field(default=0, converter=lambda value: value + 1)
            name: str = "lossy"

            def decide(self, situation):
                return None

        catalog = Catalog(policies={"lossy": Lossy})
        text = '[ownership]\nplugin = "lossy"\n'
        assert found(text, catalog) == [("not-a-document", "$.ownership.parameters")]

    @pytest.mark.parametrize(
        ("value", "path"),
        [
            ({"since": AT}, "ownership.parameters.since"),
            ({"words": (object(),)}, "ownership.parameters.words[0]"),
            ({"share": float("nan")}, "ownership.parameters.share"),
            ({"words": (None,)}, "ownership.parameters.words[0]"),
        ],
    )
    def test_values_that_no_document_holds(self, value, path):
        """An instant, an object, NaN: the place is named."""
        policy = Alternating(team="sales", **value)
        with pytest.raises(ModelError) as caught:
            dump(attrs.evolve(nk.preset("blended"), ownership=policy))
        assert (caught.value.code, caught.value.path) == ("not-a-document", path)

    def test_a_class_that_takes_another_shape(self):
        """Fields that the class's own converter refuses when they come back are told."""

        @attrs.frozen
        class Picky:
            plugin: ClassVar[str] = "picky"
            name: str = "picky"
            words: tuple[str, ...] = attrs.field(
                default=frozenset({"a"}), validator=attrs.validators.instance_of(frozenset)
            )

            def decide(self, situation):
                return None

        with pytest.raises(ModelError) as caught:
            dump(attrs.evolve(nk.preset("blended"), ownership=Picky()))
        assert caught.value.path == "ownership.parameters"

    def test_a_policy_without_a_document(self):
        """A plain class decides, but has no document: what it needs is said."""

        class Plain:
            name = "plain"

            def decide(self, situation):
                return None

        @attrs.frozen
        class Unnamed:
            name: str = "unnamed"

            def decide(self, situation):
                return None

        for policy in (Plain(), Unnamed()):
            with pytest.raises(ModelError, match="frozen attrs class") as caught:
                dump(attrs.evolve(nk.preset("blended"), ownership=policy))
            assert (caught.value.code, caught.value.path) == ("not-a-document", "ownership")


class TestPlanners:
    def test_a_planner_that_takes_no_sequences(self):
        """It plans; sequences that it would not read must be left out, in so many words."""
        text = '[planning]\nplugin = "quiet"\n'
        assert found(text) == [("no-sequences", "$.sequences")]
        playbook = loads(HEAD + "sequences = []\n" + text, catalog=CATALOG)
        assert playbook.planner == Quiet()
        assert load(dump(playbook), catalog=CATALOG) == playbook
        decision = playbook.decide(nk.Lead(id="l1"), as_of=AT)
        assert [one.code for one in decision.blocked] == ["quiet"]

    def test_a_planner_that_takes_them(self):
        """A planner with a field `sequences` gets those of the document, inherited ones too."""
        text = HEAD + '[planning]\nplugin = "loud"\nparameters.times = 5\n'
        playbook = loads(text, catalog=CATALOG)
        blended = nk.preset("blended").planner
        assert playbook.planner == Loud(sequences=blended.sequences, times=5)
        tables = dump(playbook)
        assert tables["planning"] == {"plugin": "loud", "parameters": {"times": 5}}
        assert load(tables, catalog=CATALOG) == playbook

    def test_its_parameters_are_checked(self):
        """What isn't a field of its own is unknown; `sequences` stand at the top."""
        text = '[planning]\nplugin = "loud"\nparameters = { sequences = [], max_silence_days = 3 }'
        assert found(text) == [
            ("unknown-key", "$.planning.parameters.sequences"),
            ("unknown-key", "$.planning.parameters.max_silence_days"),
        ]


class TestCatalog:
    BAD = {
        "signals": [
            ("moon", "full"),
            ("moon", Moon),
            ("sun", Moon()),
            ("stage", Moon("stage")),
            ("score.moon", Moon("score.moon")),
            ("", Moon("")),
            (3, Moon("3")),
        ],
        "policies": [
            ("alternating", "sales"),
            ("other", Alternating),
            ("moon", Moon()),
            ("plain", type("Plain", (), {"plugin": "plain", "decide": None})),
            ("plain", type("Plain", (), {"plugin": "plain", "decide": lambda *_: None})),
        ],
        "planners": [("alternating", Alternating), ("loud", Loud.plan)],
    }

    @pytest.mark.parametrize(
        ("kind", "name", "part"), [(kind, *pair) for kind, pairs in BAD.items() for pair in pairs]
    )
    def test_what_is_no_part_is_refused(self, kind, name, part):
        """A wrong shape, a wrong name, or one of the library's own: the name is told."""
        with pytest.raises(PluginError) as caught:
            Catalog(**{kind: {name: part}})
        assert (caught.value.code, caught.value.plugin) == ("plugin-shape", name)
        assert caught.value.lead_id is None
        assert "for lead" not in str(caught.value)

    def test_it_is_a_value(self):
        """What was passed in may change later; the catalog doesn't."""
        signals = {"moon": Moon()}
        catalog = Catalog(signals=signals)
        del signals["moon"]
        assert catalog.names("signals") == ("moon",)
        assert catalog == Catalog(signals={"moon": Moon()})

    def test_numbers_come_as_python_has_them(self):
        """A document's exact numbers are floats for a plug-in; lists are tuples."""
        assert plain({"a": [Decimal("0.5"), 1, {"b": "x"}]}) == {"a": (0.5, 1, {"b": "x"})}
