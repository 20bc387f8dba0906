"""Leads of a Spark cluster decided one by one, each where its rows are.

    leads that are asked   a group a company: they and the others whom they see
    records                join group, collected by group
    one row a group        mapInArrow: histories, decisions, rows of the answer's tables

A group's rows are sent to one Python worker together. Nothing comes to the driver.
"""

import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import reduce
from typing import Any

import attrs
import narwhals as nw

from nurturekit.frame.found import Found
from nurturekit.frame.records import SHARED, Form, Unread, cases_of, forms_of
from nurturekit.frame.schema import (
    DAY,
    FLAG,
    INSTANT,
    NUMBER,
    TEXT,
    TEXTS,
    WHOLE,
    arrow_schema,
)
from nurturekit.frame.singly import NO_LEAD, Question, Rows, failed
from nurturekit.frame.tables import Prepared
from nurturekit.interop.findings import EXAMPLES
from nurturekit.records import FrozenMap

Lazy = nw.LazyFrame[Any]
Native = Any  # of Spark
Batches = Iterable[Any]  # of Arrow

_TYPES: Mapping[str, str] = FrozenMap(
    {
        TEXT: "string",
        WHOLE: "bigint",
        NUMBER: "double",
        FLAG: "boolean",
        DAY: "date",
        INSTANT: "timestamp",
        TEXTS: "array<string>",
    }
)
# Among the answer's tables: what could not be a record.
_UNREAD = "unread"
_COLUMNS = {"table": TEXT, "code": TEXT, "column": TEXT, "rows": WHOLE, "examples": TEXTS}
# So many groups become Python values at once.
_AT_ONCE = 50


def spread(
    prepared: Prepared, lead_ids: Lazy, question: Question
) -> tuple[Mapping[str, Lazy], Callable[[], tuple[Found, ...]]]:
    """Return the question's tables, computed when they are read, and what says what was unread.

    Args:
        prepared: The tables, of Spark.
        lead_ids: The leads in a column `lead_id`.
        question: What is asked of each.
    """
    from pyspark.sql import functions as F  # noqa: N812 - Spark's own name for it

    columns = {**question.tables, _UNREAD: _COLUMNS}
    groups = _groups(prepared, lead_ids)
    asking = _asking(question, forms_of(prepared), columns)
    with warnings.catch_warnings():
        # Of pandas, which Spark asks for here and doesn't use.
        warnings.filterwarnings("ignore", "PySpark does not yet fully support pandas")
        answered = groups.mapInArrow(asking, _schema(columns)).cache()

    def rows(name: str) -> Native:
        return answered.select(F.explode(name).alias("row")).select("row.*")

    tables = {name: nw.from_native(rows(name)) for name in question.tables}
    return FrozenMap(tables), lambda: _found(rows(_UNREAD))


def _schema(tables: Mapping[str, Mapping[str, str]]) -> str:
    structs = {
        name: ", ".join(f"`{column}`: {_TYPES[word]}" for column, word in columns.items())
        for name, columns in tables.items()
    }
    return ", ".join(f"`{name}` array<struct<{struct}>>" for name, struct in structs.items())


# ---------------------------------------------------------------------------- rows, by Spark
def _groups(prepared: Prepared, lead_ids: Lazy) -> Native:
    """Return a row a group: the leads that are `wanted`, and per table the rows that they need."""
    from pyspark.sql import functions as F  # noqa: N812 - as above

    leads = prepared.leads
    shared = [name for name in SHARED if leads.has(name)]
    known = nw.to_native(leads.rows.select("id", *shared)).dropDuplicates(["id"])
    asked = nw.to_native(lead_ids.select(id=nw.col("lead_id"))).distinct()
    asked = asked.join(known, "id", "left")
    alone = F.concat(F.lit("lead "), "id")
    account = F.concat(F.lit("account "), "account") if "account" in shared else F.lit(None)
    asked = asked.withColumn("group", F.coalesce(account, alone))
    seen = [asked.select("group", "id")]
    for name in shared:
        others = asked.select("group", name).filter(F.col(name).isNotNull()).distinct()
        seen.append(others.join(known, name).select("group", "id"))
    members = reduce(lambda one, more: one.unionByName(more), seen).distinct()
    groups = asked.groupBy("group").agg(F.collect_list("id").alias("wanted"))
    for name, form in forms_of(prepared).items():
        rows = _rows(prepared, name, form)
        mine = members.join(rows, "id").groupBy("group").agg(F.collect_list("row").alias(name))
        groups = groups.join(mine, "group", "left")
    return groups.drop("group")


def _rows(prepared: Prepared, name: str, form: Form) -> Native:
    """Return a table's rows by lead, each as a struct of its cells."""
    from pyspark.sql import functions as F  # noqa: N812 - as above

    key = "id" if name == "leads" else "lead_id"
    # By place: any text may be a column's name.
    cells = {f"c{at}": nw.col(one) for at, one in enumerate(form.places.values())}
    native = nw.to_native(prepared.tables[name].rows.select(id=nw.col(key), **cells))
    return native.select("id", F.struct(*(F.col(one) for one in cells)).alias("row"))


def _found(unread: Native) -> tuple[Found, ...]:
    from pyspark.sql import functions as F  # noqa: N812 - as above

    ids = F.array_sort(F.flatten(F.collect_list("examples")))
    counted = (
        unread.groupBy("table", "code", "column")
        .agg(F.sum("rows").alias("rows"), F.slice(ids, 1, EXAMPLES).alias("examples"))
        .sort("table", "code", "column")
    )
    return tuple(
        Found(**row.asDict() | {"examples": tuple(row["examples"])}) for row in counted.collect()
    )


# ------------------------------------------------------------------------ answers, by workers
def _asking(
    question: Question, forms: Mapping[str, Form], tables: Mapping[str, Mapping[str, str]]
) -> Callable[[Batches], Iterator[Any]]:
    """Return what answers a partition's groups."""

    def asking(batches: Batches) -> Iterator[Any]:
        import pyarrow as pa

        schema = pa.schema(
            [
                (name, pa.list_(pa.struct(list(arrow_schema(columns)))))
                for name, columns in tables.items()
            ]
        )
        for batch in batches:
            for at in range(0, batch.num_rows, _AT_ONCE):
                groups = batch.slice(at, _AT_ONCE).to_pylist()
                answered = [_answered(question, forms, group) for group in groups]
                yield pa.RecordBatch.from_pylist(answered, schema)

    return asking


def _answered(question: Question, forms: Mapping[str, Form], group: Mapping[str, Any]) -> Rows:
    """Return the rows that a group's leads answer, by table."""
    rows = {
        name: [form.row(row.values()) for row in group[name] or ()] for name, form in forms.items()
    }
    unread, missing = Unread(), dict.fromkeys(group["wanted"])
    found: dict[str, list[Any]] = {name: [] for name in question.tables}

    def add(answer: Rows) -> None:
        for name, more in answer.items():
            found[name] += more

    for case in cases_of(forms, rows, group["wanted"], world=question.world, unread=unread):
        missing.pop(case.lead.id)
        add(question.answer(case))
    for lead_id in missing:
        add(failed(lead_id, NO_LEAD))
    return found | {_UNREAD: [attrs.asdict(one) for one in unread.found()]}
