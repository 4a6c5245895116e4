"""Asks the real alembic, so that the graph's tests can compare.

Reads cases from the file that is named, one JSON object a line, and writes one answer a line to stdout:

    {"revisions": [{"id", "revises", "depends_on", "labels", "message"}],
     "command": "upgrade" | "downgrade" | "stamp" | "show" | "history" | "merge" | "print",
     "rows": [the version table], "selectors": [as typed], "order": [ids]}

    {"ok": true, "steps": [ids], "rows": [the table after each step], "replayed": [the same for `order`]}
    {"ok": false, "error": "Class: text"}

Everything is alembic's own: Script, ScriptDirectory, RevisionStep, StampStep and HeadMaintainer. Only the files and
the database are missing: scripts are made from the case, and the version table is the set that HeadMaintainer keeps.
"""

import json
import signal
import sys
import types
import warnings

from alembic import util
from alembic.runtime import migration
from alembic.script import ScriptDirectory
from alembic.script.base import Script
from alembic.script.revision import RevisionMap

warnings.simplefilter("ignore")


def nothing(**kw):
    pass


def script_of(revision):
    def scalar(values):
        return None if not values else values[0] if len(values) == 1 else tuple(values)

    module = types.ModuleType(revision["id"], revision.get("message", ""))
    module.revision = revision["id"]
    module.down_revision = scalar(revision["revises"])
    module.depends_on = scalar(revision["depends_on"])
    module.branch_labels = scalar(revision["labels"])
    module.upgrade = module.downgrade = nothing
    return Script(module, revision["id"], "migrations/" + revision["id"] + ".sql")


def directory_of(revisions):
    directory = ScriptDirectory.__new__(ScriptDirectory)
    directory.revision_map = RevisionMap(lambda: [script_of(revision) for revision in revisions])
    directory.revision_map._revision_map  # links now, so that errors of linking are told apart
    return directory


class Table:
    """The version table for HeadMaintainer: any statement touches one row, as its own set says."""

    as_sql = False
    version_table = "alembic_version"
    dialect = types.SimpleNamespace(supports_sane_rowcount=True)

    def __init__(self):
        self._version = migration.MigrationContext.configure(dialect_name="postgresql")._version
        self.impl = types.SimpleNamespace(_exec=lambda statement: types.SimpleNamespace(rowcount=1))


table = Table()


def rows_after(steps, rows):
    maintainer = migration.HeadMaintainer(table, rows)
    result = []
    for step in steps:
        maintainer.update_to_step(step)
        result.append(sorted(maintainer.heads))
    return result


def single(selectors):
    (selector,) = selectors
    if ":" in selector:
        raise util.CommandError("Range revision not allowed")
    return selector


def migrate(directory, case, steps, is_upgrade):
    step_of = directory.revision_map.get_revision
    order = [migration.RevisionStep(directory.revision_map, step_of(id_), is_upgrade) for id_ in case["order"]]
    answer = {"steps": [step.revision.revision for step in steps], "rows": rows_after(steps, case["rows"])}
    try:
        answer["replayed"] = rows_after(order, case["rows"])
    except Exception as error:
        answer["replayed"] = "%s: %s" % (type(error).__name__, error)
    return answer


def upgrade(directory, case):
    return migrate(directory, case, directory._upgrade_revs(single(case["selectors"]), tuple(case["rows"])), True)


def downgrade(directory, case):
    return migrate(directory, case, directory._downgrade_revs(single(case["selectors"]), tuple(case["rows"])), False)


def stamp(directory, case):
    steps = directory._stamp_revs(tuple(case["selectors"]), tuple(case["rows"]))
    return {"rows": rows_after(steps, case["rows"])}


def show(directory, case):
    (selector,) = case["selectors"]
    return {"steps": [script.revision for script in directory.get_revisions(selector)]}


def merge(directory, case):
    return {"steps": [script.revision for script in directory.get_revisions(case["selectors"])]}


def walked(directory, case):
    """As alembic.command.history has it."""
    (range_,) = case["selectors"]
    if ":" not in range_:
        raise util.CommandError("History range requires [start]:[end], [start]:, or :[end]")
    base, head = range_.strip().split(":")
    rows = tuple(case["rows"])
    if head == "current":
        head = rows
    elif base == "current":
        base = rows
    return list(directory.walk_revisions(base=base or "base", head=head or "heads"))


def history(directory, case):
    return {"steps": [script.revision for script in walked(directory, case)]}


def print_(directory, case):
    """Each revision in each of alembic's forms; and what `heads`, `branches` and `current` list."""
    every = sorted(directory.walk_revisions(), key=lambda script: script.revision)
    for script in every:
        # They are sets, in an order that changes from run to run.
        script.branch_labels = sorted(script.branch_labels)
        script.nextrev = sorted(script.nextrev)
    current = sorted(script.cmd_format(False) for script in directory.get_all_current(tuple(case["rows"])))
    heads = sorted(
        script.cmd_format(False, include_branches=True, tree_indicators=False)
        for script in directory.get_revisions(directory.get_heads())
    )
    branches = [
        "%s\n%s\n"
        % (
            script.cmd_format(False, include_branches=True),
            "\n".join(
                "%s -> %s"
                % (
                    " " * len(script.revision),
                    directory.get_revision(child).cmd_format(False, include_branches=True, include_doc=False),
                )
                for child in script.nextrev
            ),
        )
        for script in every
        if script.is_branch_point
    ]
    for script in every:
        script._db_current_indicator = script.revision in case["rows"]
    history = [
        script.cmd_format(False, include_branches=True, include_doc=True, include_parents=True) for script in every
    ]
    verbose = [script.log_entry for script in every]
    return {"current": current, "heads": heads, "branches": branches, "history": history, "verbose": verbose}


commands = {
    "upgrade": upgrade,
    "downgrade": downgrade,
    "stamp": stamp,
    "show": show,
    "merge": merge,
    "history": history,
    "print": print_,
}


def answer(case):
    try:
        directory = directory_of(case["revisions"])
    except Exception as error:
        return {"ok": False, "linked": False, "error": "%s: %s" % (type(error).__name__, error)}
    try:
        return {"ok": True, "linked": True, **commands[case["command"]](directory, case)}
    except Exception as error:
        return {"ok": False, "linked": True, "error": "%s: %s" % (type(error).__name__, error)}


def never_ends(*_):
    raise TimeoutError("alembic did not come to an end")


def main():
    # A circle that alembic does not see can keep it going for ever.
    signal.signal(signal.SIGALRM, never_ends)
    with open(sys.argv[1], encoding="utf-8") as cases:
        for line in cases:
            signal.alarm(5)
            print(json.dumps(answer(json.loads(line))))


if __name__ == "__main__":
    main()
