"""Ways to read a criterion, one module each: `evaluate`, `explain`, `data` and `columns`.

CLOSED. To add one: a module with a table or one `match` over every node that ends in
`assert_never`.
"""
