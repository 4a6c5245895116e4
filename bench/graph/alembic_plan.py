"""Links the graph of the file that is named and plans an upgrade of all of it, as Alembic does; prints how many
milliseconds that took, without Python's start and the reading of the file."""

import json
import sys
import time

import oracle

with open(sys.argv[1], encoding="utf-8") as file:
    revisions = json.load(file)
begin = time.perf_counter()
directory = oracle.directory_of(revisions)
steps = directory._upgrade_revs("heads", ())
end = time.perf_counter()
if len(steps) != len(revisions):
    sys.exit("the plan is not of all revisions")
print((end - begin) * 1000)
