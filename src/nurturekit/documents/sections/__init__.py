"""The document's sections, one module each: what its tables hold, and the values they make.

CLOSED. To add one: a module with its `Table`, and a `Field` in `sections.playbook`.
"""
