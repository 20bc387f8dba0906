"""Playbooks as versioned documents: TOML or JSON in, canonical JSON out.

CLOSED: a document can say everything that a playbook is, and nothing that runs: no expressions,
templates, regular expressions, YAML or pickles. A plug-in is only named: it comes from the catalog
that the caller passes. To add one: a section, see `documents.sections`.
"""

from nurturekit.documents.catalog import Catalog
from nurturekit.documents.differences import Change
from nurturekit.documents.files import (
    check,
    diff,
    dump,
    dumps,
    fingerprint,
    load,
    loads,
    replaced,
)

__all__ = [
    "Catalog",
    "Change",
    "check",
    "diff",
    "dump",
    "dumps",
    "fingerprint",
    "load",
    "loads",
    "replaced",
]
