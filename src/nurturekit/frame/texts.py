r"""Patterns that find case-folded words and texts, and find the same in every engine.

Engines differ in `lower()`, in `\w`, in `\b` and in lookaround, and none of them folds case as
Python does. So a pattern holds nothing but characters, classes of characters, alternatives and
anchors, all worked out here from Python's own `casefold` and `isalnum`: for each folded character
the characters that fold to it (`s` is also `S` and the long s), and likewise for several (`ss` is
also the German sharp s).

A text to find is a *run* of symbols: folded characters, and these three.

- `BEFORE`: the start of the text, or a character whose fold ends outside of words.
- `GAP`: one or more characters whose folds lie outside of words.
- `AFTER`: the end of the text, or a character whose fold starts outside of words.

One character may stand for several symbols at once: U+01F0 folds to a `j` and a caron, which lies
outside of words, so that it ends the word `j`.
"""

import operator
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache

from nurturekit.criteria import words_of

Run = tuple[str, ...]

BEFORE, GAP, AFTER = "before", "gap", "after"
# `$` holds before the last of these too: before the first one in Python, before all in Java.
LINE_ENDS = "[\\x0a\\x0d\x85\u2028\u2029]"
# Unicode has no letters with case, and nothing that words are made of, from here on (a test looks).
CASED_END, WORDS_END = 0x20000, 0x40000
# The most symbols that one character stands for.
_LONGEST = 3
_CHUNK = 256
# Rust's and Google's engines refuse patterns from about 20,000 symbols on, a gap counting for as
# many as its class is large (measured: 200 gaps pass, 500 don't).
_MOST, _GAP_SIZE = 4000, 50


def text_patterns(texts: Iterable[str]) -> list[str]:
    """Return patterns of texts that start with one that folds to one of these; any may find it.

    Args:
        texts: Case-folded and not empty, without surrogates.

    >>> text_patterns(["go"])
    ['^(?:[gG][oO])']
    """
    runs = [tuple(text) for text in sorted(texts)]
    return [f"^(?:{'|'.join(map(_spelt, batch))})" for batch in _batches(runs)]


def word_patterns(words: Iterable[str]) -> list[str]:
    """Return patterns of texts that hold one of these words whole; any may find it.

    Args:
        words: Texts with a letter or a digit in each; several words are to follow each other.
    """
    return [_holding(batch) for batch in _batches(sorted({_run(word) for word in words}))]


def _batches(runs: Iterable[Run]) -> Iterator[list[Run]]:
    batch: list[Run] = []
    size = 0
    for run in runs:
        added = len(run) + run.count(GAP) * _GAP_SIZE
        if batch and size + added > _MOST:
            yield batch
            batch, size = [], 0
        batch.append(run)
        size += added
    if batch:
        yield batch


def _holding(runs: list[Run]) -> str:
    inner, ending, starting, both = [], [], [], []
    for run in runs:
        starts = [(end, known) for end in _ends(run) if (known := _known((BEFORE, *run[:end])))]
        ends = [(end, known) for end in _ends(run) if (known := _known((*run[-end:], AFTER)))]
        inner.append(_spelt(run))
        ending += [_spelt(run[:-end]) + last for end, last in ends]
        starting += [first + _spelt(run[end:]) for end, first in starts]
        both += [
            first + _spelt(run[start : len(run) - end]) + last
            for start, first in starts
            for end, last in ends
            if start + end <= len(run)
        ]
    before, after = _spelt((BEFORE,)), _spelt((AFTER,))
    ways = [f"{before}{_either(inner)}{after}"]
    ways += [f"{before}{_either(ending)}"] if ending else []
    ways += [f"{_either(starting)}{after}"] if starting else []
    return _either([*ways, *both])


def _run(word: str) -> Run:
    first, *others = words_of(word)
    return (*first, *(symbol for other in others for symbol in (GAP, *other)))


def _ends(run: Run) -> range:
    return range(1, min(_LONGEST, len(run) + 1))


@cache
def _spelt(run: Run) -> str:
    # Halves joined, or a character across the middle: so a run of `s` doesn't grow exponentially.
    if not run:
        return ""
    if len(run) == 1:
        return _symbol(run[0])
    middle = len(run) // 2
    ways = [_spelt(run[:middle]) + _spelt(run[middle:])]
    for start in range(max(0, middle - _LONGEST + 1), middle):
        for end in range(middle + 1, min(len(run), start + _LONGEST) + 1):
            across = _known(run[start:end])
            if across:
                ways.append(_spelt(run[:start]) + across + _spelt(run[end:]))
    return _either(ways)


def _either(ways: list[str]) -> str:
    return ways[0] if len(ways) == 1 else f"(?:{'|'.join(ways)})"


def _known(run: Run) -> str:
    # What stands for a whole run at once; a gap that has begun may go on.
    characters = _spellings().get(run)
    more = f"{_outside(GAP)}*" if run[-1] == GAP else ""
    return f"{_class(characters)}{more}" if characters else ""


def _symbol(symbol: str) -> str:
    if symbol == BEFORE:
        return f"(?:^|{_outside(symbol)})"
    if symbol == AFTER:
        return f"(?:$|{_outside(symbol)})"
    if symbol == GAP:
        return f"{_outside(symbol)}+"
    return _class(symbol + _spellings().get((symbol,), ""))


def _outside(symbol: str) -> str:
    return f"[^{_words()[symbol]}]"


def _class(characters: str) -> str:
    # ASCII that is neither letter nor digit is written in a way that means itself everywhere.
    written = [c if c.isalnum() or not c.isascii() else f"\\x{ord(c):02x}" for c in characters]
    return written[0] if len(written) == 1 else f"[{''.join(written)}]"


@cache
def _folds() -> Mapping[str, str]:
    # Every character that isn't its own fold; most chunks have none.
    chunks = (
        "".join(map(chr, range(start, start + _CHUNK))) for start in range(0, CASED_END, _CHUNK)
    )
    cased = (character for chunk in chunks if chunk.casefold() != chunk for character in chunk)
    return {c: folded for c in cased if (folded := c.casefold()) != c}


@cache
def _spellings() -> Mapping[Run, str]:
    found: dict[Run, str] = defaultdict(str)
    for character, folded in _folds().items():
        for run in _runs(folded):
            found[run] += character
    return dict(found)


def _runs(folded: str) -> Iterator[Run]:
    # What one character stands for: its fold as it is, and as words with gaps and ends.
    yield tuple(folded)
    pieces = re.findall(r"\w|\W+", folded)
    symbols = tuple(piece if _is_word(piece) else GAP for piece in pieces)
    for place, symbol in enumerate(symbols):
        if symbol == GAP and len(symbols) > 1:
            yield symbols
            yield (*symbols[:place], AFTER)
            if place + 1 < len(symbols):
                yield (BEFORE, *symbols[place + 1 :])


def _is_word(text: str) -> bool:
    return text[0].isalnum() or text[0] == "_"


def _any_word(folded: str) -> str:
    return next(filter(_is_word, folded), folded)[0]


# Which character of a fold says whether it lies outside of words.
_DECIDING: Mapping[str, Callable[[str], str]] = {
    BEFORE: operator.itemgetter(-1),
    GAP: _any_word,
    AFTER: operator.itemgetter(0),
}


@cache
def _words() -> Mapping[str, str]:
    # As ranges of a class: what is no `BEFORE`, no part of a `GAP`, no `AFTER`.
    characters = list(map(chr, range(WORDS_END)))
    return {symbol: _ranges(characters, deciding) for symbol, deciding in _DECIDING.items()}


def _ranges(characters: list[str], deciding: Callable[[str], str]) -> str:
    for character, folded in _folds().items():
        characters[ord(character)] = deciding(folded)
    spans = re.finditer(r"\w+", "".join(characters))
    return "".join(f"{chr(span.start())}-{chr(span.end() - 1)}" for span in spans)
