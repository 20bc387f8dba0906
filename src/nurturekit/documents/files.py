"""Load, dump, compare: what a caller does with a document."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import attrs

from nurturekit import identity
from nurturekit.documents.catalog import NO_PLUGINS, Catalog
from nurturekit.documents.differences import Change, changes
from nurturekit.documents.extends import replacements, resolve, shipped_sequences
from nurturekit.documents.mentions import names_of
from nurturekit.documents.parse import MAX_BYTES, parse, plain_tables
from nurturekit.documents.places import Place
from nurturekit.errors import CallError, DocumentError, ModelError, did_you_mean
from nurturekit.playbook import Playbook

FORMS: Mapping[str, str] = {".toml": "toml", ".json": "json"}


def load(source: str | Path | Mapping[str, Any], *, catalog: Catalog = NO_PLUGINS) -> Playbook:
    """Read a playbook from a file, or from tables that are read already.

    Args:
        source: The path of a `.toml` or `.json` file, or a mapping such as `dump` returns.
        catalog: What plug-ins supply, by name, such as `nurturekit.plugins.load()` returns.

    Raises:
        DocumentError: With every problem of the document and its path.
        CallError: `unknown-format` for a file of another kind.
        OSError: When the file can't be read.

    >>> from nurturekit.presets import preset
    >>> load(dump(preset("blended"))) == preset("blended")
    True
    """
    place = Place(catalog=catalog)
    tree, name = _tree(source, place)
    return _playbook(tree, place, source=name)


def _tree(source: str | Path | Mapping[str, Any], place: Place) -> tuple[dict[str, Any], str]:
    if isinstance(source, Mapping):
        return plain_tables(source, place), "document"
    path = Path(source)
    form = FORMS.get(path.suffix.lower())
    if form is None:
        hint = did_you_mean(path.suffix, FORMS)
        raise CallError(
            "unknown-format", argument="source", problem=f"must end in .toml or .json{hint}"
        )
    return _parsed_file(path, form, place), path.name


def _parsed_file(path: Path, form: str, place: Place) -> dict[str, Any]:
    with path.open("rb") as file:
        content = file.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        place.report("too-large", f"is larger than {MAX_BYTES:,} bytes")
        return {}
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        attrs.evolve(place, path=f"line {line}").report("not-utf-8", "isn't UTF-8 text")
        return {}
    return parse(text, form=form, place=place)


def loads(
    text: str,
    format: str = "toml",  # noqa: A002 - the word that callers expect
    *,
    catalog: Catalog = NO_PLUGINS,
) -> Playbook:
    """Read a playbook from text.

    Args:
        text: The document.
        format: `toml` or `json`.
        catalog: What plug-ins supply, by name, such as `nurturekit.plugins.load()` returns.

    Raises:
        DocumentError: With every problem of the document and its path.
        CallError: `unknown-format`.
    """
    place = Place(catalog=catalog)
    return _playbook(parse(text, form=format, place=place), place, source="document")


def check(
    text: str,
    format: str = "toml",  # noqa: A002 - the word that callers expect
    *,
    catalog: Catalog = NO_PLUGINS,
) -> tuple[ModelError, ...]:
    """Return every problem of a document, none for a good one.

    Args:
        text: The document.
        format: `toml` or `json`.
        catalog: What plug-ins supply, by name, such as `nurturekit.plugins.load()` returns.

    >>> problems = check("format = 2")
    >>> problems[0].code, problems[0].path
    ('unknown-format', '$.format')
    """
    try:
        loads(text, format, catalog=catalog)
    except DocumentError as error:
        return error.problems
    return ()


def replaced(source: str | Path | Mapping[str, Any]) -> tuple[str, ...]:
    """Return the lists of tables that a document has instead of those it would inherit.

    Args:
        source: The path of a `.toml` or `.json` file, or a mapping.

    Raises:
        DocumentError: When the document can't be parsed, or extends an unknown one.
        CallError: `unknown-format` for a file of another kind.
        OSError: When the file can't be read.

    >>> replaced({"format": 1, "extends": "blended", "sequences": []})
    ('sequences (11 of `blended`)',)
    """
    place = Place()
    tree, name = _tree(source, place)
    found = tuple(replacements(tree, place))
    if place.problems:
        raise DocumentError(place.problems, source=name)
    return found


def _section() -> Any:  # noqa: ANN401 - the JSON border
    # The sections are read when a document is: `import nurturekit` doesn't wait for them.
    from nurturekit.documents.sections.playbook import PLAYBOOK

    return PLAYBOOK


def _playbook(tree: dict[str, Any], place: Place, *, source: str) -> Playbook:
    resolved = resolve(tree, place)
    # What can't be read at all would only look as if everything were missing.
    if resolved or not place.problems:
        names = attrs.evolve(names_of(resolved), shipped=shipped_sequences())
        playbook: Playbook = _section().read(resolved, attrs.evolve(place, names=names))
    if place.problems:
        raise DocumentError(place.problems, source=source)
    return playbook.published(fingerprint(playbook))


def dump(playbook: Playbook) -> dict[str, Any]:
    """Return a playbook as the tables of its document, complete: nothing is inherited.

    Raises:
        ModelError: `not-a-document` when a part can't be written, such as a plug-in's policy that
            is no attrs class or has no `plugin`.
    """
    tables: dict[str, Any] = _section().write(playbook)
    return tables


def dumps(playbook: Playbook) -> str:
    """Return a playbook as canonical JSON: sorted keys, no spaces, ASCII only."""
    return identity.canonical(dump(playbook)).decode("ascii")


def fingerprint(playbook: Playbook) -> str:
    """Return the sha256 of a playbook's canonical JSON."""
    return identity.fingerprint(dump(playbook))


def diff(old: Playbook, new: Playbook) -> list[Change]:
    """Return what changed between two playbooks: path, what stood there, what stands there now.

    >>> import attrs
    >>> from nurturekit.presets import preset
    >>> old = preset("blended")
    >>> new = attrs.evolve(old, ownership=attrs.evolve(old.ownership, check_in_days=90))
    >>> for path, was, now in diff(old, new):
    ...     print(path, was, now)
    $.ownership.parameters.check_in_days 60 90
    """
    return list(changes(dump(old), dump(new)))
