"""./run.sh bench [NAME ...]: run the benchmarks and print one table. With ANAGNORISIS_TEST_DATA, real data too."""

import importlib
import os
import pkgutil
import sys
from pathlib import Path

import benchmarks


def main(wanted: list[str]) -> int:
    names = [found.name for found in pkgutil.iter_modules(benchmarks.__path__)
             if not found.name.startswith("_") and found.name != "library_rows"]
    folder = os.environ.get("ANAGNORISIS_TEST_DATA")
    data, missed = Path(folder) if folder else None, 0
    for name in wanted or names:
        if name not in names:
            print(f"There is no benchmark {name}; there are: {', '.join(names)}.")
            return 2
        print(f"\n{name}", flush=True)
        for row in importlib.import_module(f"benchmarks.{name}").run(data):
            limit = f"{row['limit']:>12}" if isinstance(row["limit"], str) else f"{row['limit']:>12.4g}"
            print(f"  {'holds ' if row['holds'] else 'MISSED'} {row['value']:>12.4g} {limit} {row['unit']:<8} {row['what']}",
                  flush=True)
            missed += not row["holds"]
    print(f"\n{missed} missed" if missed else "\nall hold")
    return 0


sys.exit(main(sys.argv[1:]))
