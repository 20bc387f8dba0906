"""Documents are read strictly: every problem at once, each with its code and its path."""

import json
import textwrap
from datetime import date

import attrs
import pytest

from nurturekit.criteria import fact, signal
from nurturekit.documents import Catalog, check, dump, dumps, fingerprint, load, loads, replaced
from nurturekit.documents.parse import MAX_BYTES, MAX_RULES
from nurturekit.errors import CallError, DocumentError, ModelError
from nurturekit.presets import preset
from nurturekit.scoring import Decay, Rule
from nurturekit.vocabulary import Channel, FunnelPosition

MINIMAL = """
format = 1
name = "mine"

[scoring]
rules = []

[ownership]
name = "mine"
rows = [{ number = 1, name = "every lead", accountable = "marketing" }]

[guards]
name = "none"
dated = 2026-01-05
"""
BASE = 'format = 1\nextends = "blended"\n'
RULE = 'name = "r"\ndimension = "fit"\npoints = 1\n'
TOUCH_RULE = RULE + 'on = { kind = "pricing_viewed" }\n'


def _found(text, **changes):
    return [(problem.code, problem.path) for problem in check(text, **changes)]


def _rule(lines):
    return _found(BASE + "[scoring]\ngrid = 1\nbands = 1\n[[scoring.rules]]\n" + lines)[:-2]


def _attributes(source):
    return {"kinds": source.kinds, "scoring": source.scoring, "name": source.name}


def test_minimal_document():
    """A name, rules, rows and a guard profile make a playbook; the rest has defaults."""
    playbook = loads(MINIMAL)
    assert (playbook.name, playbook.version, dict(playbook.kinds)) == ("mine", 1, {})
    assert playbook.planner.max_silence_days == 45
    assert playbook.guards.dated == date(2026, 1, 5)
    assert playbook.fingerprint == fingerprint(playbook)
    assert loads(dumps(playbook), "json") == playbook


def test_empty_document():
    """Everything that a document must have is reported at once."""
    expected = ["format", "name", "scoring", "ownership", "guards"]
    assert _found("") == [("missing-key", f"$.{key}") for key in expected]


def test_all_problems_at_once():
    """Problems of every section come in one error, in the order of reading."""
    text = BASE + textwrap.dedent("""
        colour = "red"
        [kinds.pricing_viewed]
        direction = "inwards"
        [scoring]
        maximum = "15"
        grid.fit = [{ label = "A" }, { label = "A" }]
        [qualification]
        people = true
        [ownership.parameters]
        check_in_day = 90
        max_offers = 0.5
        [planning]
        duty_channels = ["email", "fax"]
        [guards.hours]
        phone = "mon-fri 8-20"
        """)
    assert _found(text) == [
        ("unknown-key", "$.colour"),
        ("unknown-word", "$.kinds.pricing_viewed.direction"),
        ("not-a-number", "$.scoring.maximum"),
        ("duplicate-name", "$.scoring.grid.fit"),
        ("not-a-whole-number", "$.qualification.people"),
        ("unknown-key", "$.ownership.parameters.check_in_day"),
        ("not-a-whole-number", "$.ownership.parameters.max_offers"),
        ("unknown-word", "$.planning.duty_channels[1]"),
        ("bad-window", "$.guards.hours.phone"),
    ]


def test_error_names_all_places():
    """The error of a load carries the problems, says each with one hint, and counts them."""
    with pytest.raises(DocumentError) as caught:
        loads(BASE + "[ownership.parameters]\ncheck_in_day = 90\n[guards]\ncaps = 3")
    codes = [problem.code for problem in caught.value.problems]
    assert codes == ["unknown-key", "not-a-list"]
    assert str(caught.value).count("did you mean") == 1
    assert "`check_in_days`?" in str(caught.value)


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        (RULE, ("one-of", "")),
        (TOUCH_RULE + 'when = { fact = "a", is = 1 }', ("one-of", "")),
        (TOUCH_RULE + "pionts = 3", ("unknown-key", ".pionts")),
        (TOUCH_RULE + "source = 3", ("not-text", ".source")),
        (TOUCH_RULE + 'decay = "slow"', ("not-a-table", ".decay")),
        (TOUCH_RULE + "decay = {}", ("one-of", ".decay")),
        (TOUCH_RULE + "decay = { half_life_days = 0 }", ("out-of-range", ".decay")),
        (TOUCH_RULE + "decay = { half_life_days = 9, every = 1 }", ("unknown-key", ".decay.every")),
        (TOUCH_RULE + "decay = { keep_percent = 50 }", ("missing-key", ".decay.every_days")),
        (TOUCH_RULE + "decay = { weights = [1] }", ("bad-decay", ".decay")),
        (TOUCH_RULE + "decay = { weights = [1.5] }", ("not-a-whole-number", ".decay.weights[0]")),
        (TOUCH_RULE + "per_day = true", ("not-a-whole-number", ".per_day")),
        (TOUCH_RULE + "per_day = 0", ("out-of-range", ".per_day")),
        (TOUCH_RULE + 'once_per = "day"', ("unknown-word", ".once_per")),
        (TOUCH_RULE + "at_least = 2\nat_most = 1", ("bad-range", ".at_most")),
        (RULE + "on = {}", ("empty", ".on")),
        (RULE + "on = { kind = 3 }", ("not-a-list", ".on.kind")),
        (RULE + 'on = { kind = ["a", 3] }', ("not-text", ".on.kind[1]")),
        (RULE + 'on = { channel = "fax" }', ("unknown-word", ".on.channel")),
        (RULE + 'on = { kind = "" }', ("unknown-kind", ".on.kind")),
        (RULE + 'when = { fact = "a", is = nan }', ("not-finite", ".when.is")),
        (RULE + 'when = { fact = "a", one_of = [1, inf] }', ("not-finite", ".when.one_of[1]")),
        (RULE + 'when = { fact = "a", at_lest = 1 }', ("unknown-key", ".when.at_lest")),
        (RULE + "when = { all = [{}] }", ("one-subject", ".when.all[0]")),
        (RULE + 'when = { signal = "stag", is = "mql" }', ("unknown-signal", ".when.signal")),
        ("points = 1\n" + RULE.replace("points = 1\n", 'when = "vp"'), ("bad-type", ".when")),
        (TOUCH_RULE.replace("= 1", '= "15"'), ("not-a-number", ".points")),
        (TOUCH_RULE.replace("= 1", "= true"), ("not-a-number", ".points")),
        (TOUCH_RULE.replace("= 1", "= 2000"), ("out-of-range", ".points")),
        (TOUCH_RULE.replace("= 1", "= 0.1234"), ("too-precise", ".points")),
        (TOUCH_RULE.replace("= 1", "= nan"), ("not-finite", ".points")),
    ],
)
def test_rule_problem(lines, found):
    """A problem in a rule is placed at the key that must change."""
    code, path = found
    assert (code, f"$.scoring.rules[0]{path}") in _rule(lines)
    assert not [problem for problem in _rule(lines) if problem[0] == "missing-key" != code]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("format = 2", ("unknown-format", "$.format")),
        ('format = "1"', ("not-a-whole-number", "$.format")),
        ("format = true", ("not-a-whole-number", "$.format")),
        ("format = nan", ("not-finite", "$.format")),
    ],
)
def test_format(text, found):
    """The format is the number 1 and nothing else."""
    assert found in _found(text)
    assert ("missing-key", "$.format") not in _found(text)


@pytest.mark.parametrize(
    ("key", "node", "code", "below"),
    [
        ("kinds", "3", "not-a-table", ""),
        ("kinds.x", "3", "not-a-table", ""),
        ("kinds.x.human", "1", "not-a-bool", ""),
        ("kinds.x.direction", "1", "not-text", ""),
        ("scoring.rules", "3", "not-a-list", ""),
        ("scoring.rules", "[3]", "not-a-table", "[0]"),
        ("scoring.day_offset_hours", "25", "out-of-range", ""),
        ("scoring.positions.nowhere", "3", "unknown-word", ""),
        ("scoring.bands", '[{ label = "a" }, { label = "b" }]', "bands-overlap", ""),
        ("qualification.people", '"two"', "not-a-whole-number", ""),
        ("qualification.recycle_below", "70", "gate-crossed", ""),
        ("ownership.rows", "[]", "no-rows", ""),
        ("ownership.parameters.pool", '["a"]', "not-text", ""),
        ("ownership.parameters.max_offers", "0", "out-of-range", ""),
        ("planning.duty_channels", '"email"', "not-a-list", ""),
        ("planning.duty_channels", "[]", "no-channel", ""),
        ("planning.call_values", "[100, 110]", "bad-call-values", ""),
        ("planning.call_values", "[100, 9.5]", "not-a-whole-number", "[1]"),
        ("planning.least_call_value", "101", "out-of-range", ""),
        ("planning.max_silence_days", "0", "out-of-range", ""),
        ("sequences", '[{ name = "a", team = "sales" }]', "missing-key", "[0].steps"),
        ("sequences", '[{ name = "a", team = "sales", steps = [] }]', "no-steps", "[0].steps"),
        ("guards.dated", "2026-01-05T00:00:00Z", "unknown-type", ""),
        ("guards.dated", '"2026-02-30"', "not-a-date", ""),
        ("guards.dated", '"20260205"', "not-a-date", ""),
        ("guards.dated", "20260205", "not-a-date", ""),
        ("guards.hours.phone", "[]", "never-open", ""),
        ("guards.hours.phone", "[3]", "not-text", "[0]"),
        ("guards.hours.phone", "3", "not-a-list", ""),
        ("guards.hours.phone", "{}", "missing-key", ".windows"),
        ("guards.hours.fax", '"mon 08:00-09:00"', "unknown-word", ""),
        ("guards.caps", '[{ name = "a", at_most = 1 }]', "bad-window", "[0].window_days"),
    ],
)
def test_section_problem(key, node, code, below):
    """A problem in a section has its code, its path, and no second problem beside it."""
    assert _found(f"{BASE}{key} = {node}") == [(code, f"$.{key}{below}")]


@pytest.mark.parametrize(
    ("styles", "code", "path"),
    [
        ('["mass", "mass"]', "duplicate", "styles"),
        ('["bulk"]', "unknown-word", "styles[0]"),
        ("[]", "never-counts", "styles"),
    ],
)
def test_styles_of_a_cap(styles, code, path):
    """The styles that a cap counts are each a style, once."""
    cap = f'{{ name = "a", at_most = 1, window_days = 1, styles = {styles} }}'
    assert _found(f"{BASE}guards.caps = [{cap}]") == [(code, f"$.guards.caps[0].{path}")]


def test_same_sequence_twice():
    """A sequence that is there twice in one version is reported at the list."""
    one = '{ name = "a", team = "sales", steps = [{ id = "s", style = "mass" }] }'
    assert _found(BASE + f"sequences = [{one}, {one}]") == [("duplicate-sequence", "$.sequences")]


def test_kind_that_no_kind_describes():
    """A rule about a kind that isn't described is reported at the rule."""
    text = MINIMAL.replace("rules = []", "") + "[kinds.blog_viewed]\n[[scoring.rules]]\n"
    assert _found(text + TOUCH_RULE) == [("unknown-kind", "$.scoring.rules[0].on.kind")]


def test_kinds_of_two_positions_in_one_rule():
    """What the kinds make of a rule is reported at the rule."""
    rule = TOUCH_RULE.replace('"pricing_viewed"', '["pricing_viewed", "blog_viewed"]')
    text = BASE + "scoring.rules = [{ " + rule.strip().replace("\n", ", ") + " }]"
    assert _found(text) == [("mixed-positions", "$.scoring.rules[0].on")]


def test_too_many_rules():
    """More than a thousand rules are refused as one problem, a thousand are not too many."""
    rule = {"name": "r", "dimension": "fit", "points": 1, "when": {"fact": "a", "is": 1}}
    rules = [rule | {"name": f"r{number}"} for number in range(MAX_RULES + 1)]
    tree = dump(loads(MINIMAL))
    tree["scoring"]["rules"] = rules
    assert _found(json.dumps(tree), format="json") == [("too-many-rules", "$.scoring.rules")]
    tree["scoring"]["rules"] = rules[1:]
    assert _found(json.dumps(tree), format="json") == []


def test_hopeless_document_is_refused_quickly():
    """Thousands of unknown keys are all reported, without a search for what each may mean."""
    text = "\n".join(f"formatt{number} = 1" for number in range(20_000))
    problems = check(text)
    assert len(problems) == 20_000 + 5
    assert sum("did you mean" in problem.problem for problem in problems) == 100


def test_nulls_and_duplicates_in_json():
    """JSON's own ways to be wrong are found together with the rest."""
    text = '{"format": 1, "format": 1, "name": null, "extends": "blended", "x": NaN}'
    assert _found(text, format="json") == [
        ("duplicate-key", "$.format"),
        ("empty", "$.name"),
        ("not-finite", "$.x"),
        ("unknown-key", "$.x"),
    ]


# ------------------------------------------------------------------------------------ files
@pytest.mark.parametrize("kind", ["toml", "json", "tables"])
def test_load(tmp_path, kind):
    """A TOML file, a JSON file and tables that were read already give the same playbook."""
    playbook = loads(MINIMAL)
    source = dump(playbook)
    if kind != "tables":
        source = tmp_path / f"mine.{kind}"
        source.write_text(MINIMAL if kind == "toml" else dumps(playbook), encoding="utf-8")
    assert load(source) == playbook
    assert load(source).fingerprint == playbook.fingerprint
    assert kind == "tables" or load(str(source)) == playbook


def test_load_accepts_a_byte_order_mark(tmp_path):
    """A file that an editor marked as UTF-8 is read."""
    path = tmp_path / "mine.toml"
    path.write_text(MINIMAL, encoding="utf-8-sig")
    assert load(path) == loads(MINIMAL)


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"format = 1\nname = '\xff'", ("not-utf-8", "line 2")),
        (b"#" * (MAX_BYTES + 1), ("too-large", "$")),
        (b"format = ", ("not-toml", "line 1")),
    ],
)
def test_load_bad_file(tmp_path, content, found):
    """A file that can't be read is a document error that names the file."""
    path = tmp_path / "mine.toml"
    path.write_bytes(content)
    with pytest.raises(DocumentError) as caught:
        load(path)
    assert [(problem.code, problem.path) for problem in caught.value.problems] == [found]
    assert caught.value.source == "mine.toml"


def test_load_unknown_suffix(tmp_path):
    """A file that is neither TOML nor JSON is the caller's error."""
    with pytest.raises(CallError) as caught:
        load(tmp_path / "mine.yaml")
    assert caught.value.code == "unknown-format"


def test_load_missing_file(tmp_path):
    """A file that isn't there raises what opening it raises."""
    with pytest.raises(FileNotFoundError):
        load(tmp_path / "mine.toml")


# ---------------------------------------------------------------------------------- extends
def test_extends_merges_deeply():
    """Tables merge key by key; what isn't said stays as the document below has it."""
    below = preset("blended")
    playbook = loads(BASE + "[ownership.parameters]\ncheck_in_days = 90")
    assert playbook.ownership == attrs.evolve(below.ownership, check_in_days=90)
    assert _attributes(playbook) == _attributes(below)
    assert playbook.fingerprint != below.fingerprint


def test_extends_replaces_lists():
    """A list replaces the list below, whole."""
    playbook = loads(BASE + "[guards]\ncaps = []\nsources = ['house rules']")
    assert playbook.guards.caps == ()
    assert playbook.guards.sources == ("house rules",)
    assert playbook.guards.hours == preset("blended").guards.hours


def test_extends_is_resolved_in_the_dump():
    """A dump inherits nothing."""
    assert "extends" not in dump(loads(BASE))
    assert dump(loads(BASE)) == dump(preset("blended"))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("extends = 'blendet'\nformat = 1", ("unknown-document", "$.extends")),
        ("extends = '../secret'\nformat = 1", ("unknown-document", "$.extends")),
        ("extends = 3\nformat = 1", ("not-text", "$.extends")),
        ("extends = nan\nformat = 1", ("not-finite", "$.extends")),
        ("extends = 'blended'", ("missing-key", "$.format")),
    ],
)
def test_extends_problem(text, found):
    """Only shipped documents can be extended; what can't be inherited isn't missing too."""
    assert _found(text) == [found]


@pytest.mark.parametrize(
    ("lines", "policy"),
    [
        ("", "blended"),
        ('name = "house"', "house"),
        ('name = "house"\nownership.name = "pact"', "pact"),
        ('name = "house"\nownership.parameters.pool = "inside"', "house"),
    ],
)
def test_extends_names_the_policy(lines, policy):
    """A document with a name of its own has a policy of its own, for `adopt` moves to cite."""
    playbook = loads(BASE + lines)
    assert playbook.ownership.name == policy
    assert load(dump(playbook)) == playbook


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        ("name = 3", ("not-text", "$.name")),
        ('name = "house"\nownership = 3', ("not-a-table", "$.ownership")),
    ],
)
def test_extends_with_a_bad_name(lines, found):
    """A name or a policy that can't be read is one problem."""
    assert _found(BASE + lines) == [found]


def test_threshold_against_an_inherited_one():
    """A threshold that crosses an inherited one is reported with both values."""
    (problem,) = check(BASE + "[qualification]\nmql_at = 20")
    assert (problem.code, problem.path) == ("gate-crossed", "$.qualification.recycle_below")
    assert "30" in problem.problem
    assert "20" in problem.problem


# --------------------------------------------------------------------------------- replaced
def test_replaced(tmp_path):
    """Lists of tables that take the place of inherited ones are named, with what is gone."""
    path = tmp_path / "mine.toml"
    text = BASE + "scoring.rules = []\nguards.caps = []\nguards.sources = []\nsequences = []"
    path.write_text(text, encoding="utf-8")
    below = preset("blended")
    expected = (
        f"scoring.rules ({len(below.scoring.rules)} of `blended`)",
        f"guards.caps ({len(below.guards.caps)} of `blended`)",
        f"sequences ({len(below.planner.sequences)} of `blended`)",
    )
    assert replaced(path) == replaced(str(path)) == expected


def test_nothing_replaced():
    """A document that inherits nothing, or says what it would inherit, replaces nothing."""
    rows = dump(preset("blended"))["ownership"]["rows"]
    assert replaced(dump(preset("blended"))) == ()
    assert replaced({"extends": "blended", "scoring": {"minimum": 1}}) == ()
    assert replaced({"extends": "blended", "ownership": {"rows": rows[1:]}}) != ()


def test_replaced_in_an_unknown_document():
    """What an unknown document would have is no answer."""
    with pytest.raises(DocumentError) as caught:
        replaced({"extends": "blendet"})
    assert [problem.code for problem in caught.value.problems] == ["unknown-document"]


# ------------------------------------------------------------------------------------- dump
def test_dump_words_for_none():
    """Where None isn't the default it has a word."""
    text = BASE + textwrap.dedent("""
        qualification.people = "none"
        ownership.parameters.check_in_days = "none"
        """)
    playbook = loads(text)
    assert playbook.qualification.people is None
    assert playbook.ownership.check_in_days is None
    assert load(dump(playbook)) == playbook


def test_dump_of_a_sequence():
    """A step without content, one for any position and a number of days for re-entry come back."""
    text = BASE + textwrap.dedent("""
        [[sequences]]
        name = "a"
        team = "sales"
        reentry = 30
        [[sequences.steps]]
        id = "first"
        style = "mass"
        [[sequences.steps]]
        id = "second"
        content = { position = "any", topics = ["pricing"], persona = "require", max_age_days = 90 }
        up_to_days = 9
        triggers = ["pricing_viewed"]
        """)
    playbook = loads(text)
    first, second = playbook.planner.sequences[0].steps
    assert (first.content, second.content.position) == (None, "any")
    assert (second.content.persona, second.content.max_age_days) == ("require", 90)
    assert load(dump(playbook)) == playbook


def test_dump_of_every_form():
    """Decays, matches, hours and offsets of every form come back as they were."""
    decays = [
        "{ half_life_days = 30 }",
        "{ linear_days = 30 }",
        "{ window_days = 30 }",
        "{ keep_percent = 12.5, every_days = 7 }",
        "{ weights = [1000000, 3, 0] }",
    ]
    rules = [
        f'[[scoring.rules]]\nname = "r{number}"\ndimension = "d"\npoints = 2.675\n'
        f'on = {{ kind = ["a", "b"], channel = "web", outcome = "replied" }}\ndecay = {decay}\n'
        for number, decay in enumerate(decays)
    ]
    text = MINIMAL.replace("rules = []", "day_offset_hours = -5.5\n" + "".join(rules))
    text += textwrap.dedent("""
        [guards.hours]
        phone = "mon-fri 08:00-12:00"
        email = ["mon 08:00-12:00", "sat-sun 22:00-06:00 overnight"]
        sms = { windows = ["mon 13:00-24:00"], holidays = [2026-12-25] }
        """)
    playbook = loads(text)
    assert load(dump(playbook)) == playbook
    assert loads(dumps(playbook), "json") == playbook
    assert playbook.scoring.day_offset_us == -19_800_000_000
    assert [rule.decay.name for rule in playbook.scoring.rules][-2:] == ["steps", "custom"]
    assert dump(playbook)["guards"]["hours"]["phone"] == ["mon-fri 08:00-12:00"]
    assert dump(playbook)["scoring"]["rules"][0]["points"] == 2.675
    assert playbook.guards.hours[Channel.SMS].holidays == (date(2026, 12, 25),)


def test_dump_tells_constant_from_custom():
    """A decay that never fades is left out; a custom one of one weight is written."""
    rule = loads(BASE).scoring.rules[-1]
    for decay in (Decay("constant", {}, (10**6,)), Decay("custom", {}, (10**6,))):
        playbook = loads(BASE)
        rules = (*playbook.scoring.rules[:-1], attrs.evolve(rule, decay=decay))
        scoring = attrs.evolve(playbook.scoring, rules=rules)
        changed = attrs.evolve(playbook, scoring=scoring)
        read = load(dump(changed)).scoring.rules[-1].decay
        assert read == decay


def test_source_is_allowed_in_any_table():
    """A table may say where its numbers come from, also where keys are open."""
    text = BASE + textwrap.dedent("""
        source = "a"
        kinds.source = "b"
        kinds.source_viewed.source = "c"
        scoring.source = "d"
        scoring.positions.source = "e"
        guards.hours.source = "f"
        """)
    playbook = loads(text)
    assert "source" not in playbook.kinds
    assert "source_viewed" in playbook.kinds
    assert playbook.scoring.positions.thresholds[FunnelPosition.AWARENESS] == 1


def test_kind_named_source():
    """A kind of touch may be called `source`: a table is no remark."""
    assert loads(BASE + 'kinds.source = { channel = "web" }').kinds["source"].channel == "web"


def test_dump_of_foreign_parts():
    """A playbook with a plug-in's policy or planner, or two sets of kinds, has no document."""

    class Own:
        name = "own"

        def decide(self, situation):
            raise NotImplementedError

        def plan(self, situation, ownership):
            raise NotImplementedError

    playbook = preset("blended")
    foreign = [{"ownership": Own()}, {"planner": Own()}, {"kinds": {}}]
    for changes in foreign:
        with pytest.raises(ModelError) as caught:
            dump(attrs.evolve(playbook, **changes))
        assert caught.value.code == "not-a-document"


@attrs.frozen
class Moon:
    """A plug-in's signal."""

    name: str = "moon"

    def measure(self, situation):
        return "full"


def test_signals_of_plugins():
    """A criterion may read a plug-in's signal when the caller passes it, and only then."""
    text = BASE + '[qualification]\nunfit = { signal = "moon", is = "full" }'
    assert _found(text) == [("unknown-signal", "$.qualification.unfit.signal")]
    catalog = Catalog(signals={"moon": Moon()})
    playbook = loads(text, catalog=catalog)
    assert playbook.qualification.unfit == signal(Moon()).equals("full")
    assert load(dump(playbook), catalog=catalog) == playbook
    assert check(text, catalog=catalog) == ()


def test_rule_made_by_hand():
    """A rule made in code comes back from its document as it is."""
    playbook = loads(MINIMAL)
    when = (fact("employees") >= 0.1) & ~fact("title").contains_all("sales", "vp")
    rule = Rule("mine", dimension="d", points=1, when=when)
    scoring = attrs.evolve(playbook.scoring, rules=[rule])
    assert load(dump(attrs.evolve(playbook, scoring=scoring))).scoring.rules == (rule,)


QUESTION = """
[[questions]]
fact = "employees"
on = ["call"]
cost = 3
prompt_id = "ask"
choices = [10, "many", true]
"""


def test_questions_come_back_as_they_were():
    """What may be asked is read whole, written whole, and part of the fingerprint."""
    playbook = loads(BASE + QUESTION)
    (question,) = playbook.questions
    assert (question.fact, question.on, question.cost) == ("employees", ("call",), 3)
    assert (question.prompt_id, question.choices) == ("ask", (10, "many", True))
    assert load(dump(playbook)) == playbook
    assert loads(MINIMAL).questions == ()
    assert fingerprint(loads(MINIMAL)) != fingerprint(loads(MINIMAL + QUESTION))


def test_questions_are_checked():
    """A fact asked for twice is a problem of the whole; a bad cost is told at its place."""
    with pytest.raises(DocumentError) as caught:
        loads(BASE + QUESTION + QUESTION)
    assert [one.code for one in caught.value.problems] == ["duplicate-name"]
    with pytest.raises(DocumentError) as caught:
        loads(BASE + QUESTION.replace("cost = 3", "cost = -3"))
    (problem,) = caught.value.problems
    assert (problem.code, problem.path) == ("out-of-range", "$.questions[0].cost")
