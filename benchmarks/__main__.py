"""./run.sh bench [NAME ...]: run the benchmarks and print one table. With ANAGNORISIS_TEST_DATA, real data too.

A row that compares with a rival is even, not missed, where the rival is ahead by less than luck: the limit is the best of
several, picked on the same people.
"""

import importlib
import os
import pkgutil
import sys
from collections import Counter
from pathlib import Path

import benchmarks


def main(wanted: list[str]) -> int:
    names = [found.name for found in pkgutil.iter_modules(benchmarks.__path__)
             if not found.name.startswith("_") and found.name != "library_rows"]
    folder = os.environ.get("ANAGNORISIS_TEST_DATA")
    data, counts = Path(folder) if folder else None, Counter[str]()
    for name in wanted or names:
        if name not in names:
            print(f"There is no benchmark {name}; there are: {', '.join(names)}.")
            return 2
        print(f"\n{name}", flush=True)
        for row in importlib.import_module(f"benchmarks.{name}").run(data):
            limit = f"{row['limit']:>12}" if isinstance(row["limit"], str) else f"{row['limit']:>12.4g}"
            state = "holds" if row["holds"] else "even" if row.get("even") else "MISSED"
            print(f"  {state:6} {row['value']:>12.4g} {limit} {row['unit']:<8} {row['what']}",
                  flush=True)
            counts[state] += 1
    print(f"\n{counts['holds']} hold, {counts['even']} even, {counts['MISSED']} missed")
    return 0


sys.exit(main(sys.argv[1:]))
