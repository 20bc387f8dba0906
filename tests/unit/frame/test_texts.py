"""The patterns of case-folded texts, as Python reads them."""

# ruff: noqa: RUF001 - letters that look like others are what is tried

import re
import sys

import pytest

from nurturekit.frame.texts import CASED_END, LINE_ENDS, WORDS_END, text_patterns, word_patterns


def _holds(word, text):
    return any(re.search(pattern, text) for pattern in word_patterns([word]))


def _is(wanted, text):
    return any(
        re.search(f"{pattern}$", text) and not re.search(f"{pattern}{LINE_ENDS}", text)
        for pattern in text_patterns([wanted])
    )


def test_nothing_has_case_beyond_what_is_looked_through():
    """The ends of the two scans leave out no letter with case and nothing that words hold."""
    beyond = map(chr, range(CASED_END, sys.maxunicode + 1))
    assert all(character.casefold() == character for character in beyond)
    assert not any(chr(code).isalnum() for code in range(WORDS_END, sys.maxunicode + 1))


def test_every_character_is_found_by_its_fold():
    """Each character with case is spelt out for what it folds to, and for nothing else."""
    cased = [chr(code) for code in range(CASED_END) if chr(code).casefold() != chr(code)]
    folds = {character.casefold() for character in cased}
    assert len(cased) > 1400
    patterns = {fold: re.compile(f"{text_patterns([fold])[0]}$") for fold in folds}
    assert all(patterns[character.casefold()].search(character) for character in cased)
    others = [(fold, other) for fold in sorted(folds)[::40] for other in cased]
    assert all(
        bool(patterns[fold].search(other)) is (other.casefold() == fold) for fold, other in others
    )


def test_a_boundary_is_what_no_word_holds():
    """A character next to a word ends it exactly where its fold lies outside of words."""
    pattern = re.compile(word_patterns(["ab"])[0])
    for code in range(0, WORDS_END, 3):
        for text in (f"ab{chr(code)}", f"{chr(code)}ab"):
            wanted = re.search(r"(?<!\w)ab(?!\w)", text.casefold())
            assert bool(pattern.search(text)) is bool(wanted), ascii(text)


@pytest.mark.parametrize(
    ("word", "text", "found"),
    [
        ("office", "OﬃCE", True),
        ("office", "oﬀice", True),
        ("office", "offices", False),
        ("ss", "ß", True),
        ("s", "ß", False),
        ("sss", "ßs", True),
        ("sss", "sẞ", True),
        ("j", "\u01f0", True),
        ("j", "j\u030c", True),
        ("aj b", "A\u01f0B", True),
        ("αι", "ᾳ", True),
        ("α ι", "ᾷ", True),
        ("ι", "ᾷ", True),
        ("α", "ᾷ", True),
        ("ι", "\u0345", True),
        ("ab", "ab\u0345", False),
        ("n", "\u0149", False),
        ("head of", "HEAD -\n of", True),
        ("head of", "headof", False),
        ("s" * 40, "S" * 38 + "ß", True),
    ],
)
def test_a_word_is_found_whole(word, text, found):
    """A word is found in what folds to it, also where one letter folds to several or ends it."""
    assert (
        re.search(rf"(?<!\w){word}(?!\w)".replace(" ", r"\W+"), text.casefold()) is not None
    ) is found
    assert _holds(word, text) is found


@pytest.mark.parametrize("end", ["\n", "\r", "\r\n", "\x85", "\u2028", "\u2029", "x"])
def test_a_text_that_goes_on_is_another(end):
    """A further line's end makes another text, though `$` lets it pass in some engines."""
    assert _is("x.y", "X.Y")
    assert not _is("x.y", f"X.Y{end}")
    assert _is(f"x.y{end}", f"X.Y{end}")


def test_patterns_do_not_explode():
    """A long run of letters that fold together has a pattern of moderate length."""
    assert len(text_patterns(["s" * 64])[0]) < 200_000
