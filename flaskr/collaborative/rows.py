"""CSV and Parquet files, block by block in bounded memory: texts of a catalogue, and rows of ratings as arrays."""
from __future__ import annotations

import html
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import pyarrow as pa

BLOCK = 8 << 20  # bytes of a CSV file that are parsed at once
ROWS = 200_000  # rows of a Parquet file that are read at once
PARQUET = (".parquet", ".pq")
TIMES = ("timestamp", "date")  # columns that may tell when a rating was given
SECONDS, DAY = r"^\s*[0-9]{1,13}(\.[0-9]{0,15})?\s*$", r"^\s*[0-9]{4}-[0-9]{2}-[0-9]{2}([ T][ -~]*)?$"
MILLISECONDS = 1e11  # a larger number of seconds would be in the year 5138
WHOLE, NUMBER = r"^\s*-?[0-9]{1,15}(\.0*)?\s*$", r"^\s*-?[0-9]{1,9}(\.[0-9]{0,15})?\s*$"


class NotATable(Exception):
    """The file is no table with these columns. The message is one sentence for the person."""


def texts(path: Path, needed: tuple[str, ...], bad: Counter[str], further: tuple[str, ...] = ()) -> Iterator[dict[str, str]]:
    """Each row as texts by column, "" where there is nothing; `further` columns may be missing. Broken lines go to `bad`."""
    for block, _ in blocks(path, needed, bad, further):
        columns = {name: block.column(name).to_pylist() for name in block.schema.names}
        for at in range(block.num_rows):
            yield {name: _text(columns[name][at]) if name in columns else "" for name in (*needed, *further)}


def ratings(path: Path, columns: tuple[str, str, str],
            bad: Counter[str]) -> Iterator[tuple[np.ndarray, np.ndarray, np.ndarray, float]]:
    """(user int64 [n], item int64 [n], rating float64 [n], share of the file read) of each block; what is no number goes to
    `bad` and is left out."""
    for block, part in blocks(path, columns, bad):
        _, *found = _numbers(block, columns, bad)
        yield *found, part


def timed(path: Path, columns: tuple[str, str, str],
          bad: Counter[str]) -> Iterator[tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray | None]]:
    """(user, item, rating, time) of each block: the first three as `ratings` has them; time: float64 [n], days since 1970, NaN
    where it can't be read, None if the file has no column of TIMES."""
    for block, _ in blocks(path, columns, bad, TIMES):
        good, *found = _numbers(block, columns, bad)
        name = next((name for name in TIMES if name in block.schema.names), None)
        yield *found, None if name is None else _days(block.column(name))[good]


def _numbers(block: pa.RecordBatch, columns: tuple[str, str, str],
             bad: Counter[str]) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """(which rows have three numbers, and these)."""
    import pyarrow as pa
    import pyarrow.compute as pc

    found = [block.column(name) for name in columns]
    good = np.ones(block.num_rows, bool)
    for column, pattern in zip(found, (WHOLE, WHOLE, NUMBER), strict=True):
        good &= np.asarray(pc.fill_null(pc.match_substring_regex(column, pattern), False))
    if not good.all():
        bad["without three numbers"] += int((~good).sum())
    numbers = [pc.cast(pc.utf8_trim_whitespace(pc.cast(column.filter(pa.array(good)), pa.string())), pa.float64())
               for column in found]
    user, item, rating = (np.asarray(column) for column in numbers)
    return good, user.astype(np.int64), item.astype(np.int64), rating


def _days(column: pa.Array) -> np.ndarray:
    """Seconds or milliseconds since 1970, or a text that begins as 2020-12-31, as days."""
    import pyarrow as pa
    import pyarrow.compute as pc

    found = np.full(len(column), np.nan)
    for pattern, read in ((SECONDS, pc.cast), (DAY, lambda words, _: pc.strptime(
            pc.utf8_slice_codeunits(words, 0, 10), "%Y-%m-%d", "s", error_is_null=True))):
        mine = np.asarray(pc.fill_null(pc.match_substring_regex(column, pattern), False))
        words = pc.utf8_trim_whitespace(pc.cast(column.filter(pa.array(mine)), pa.string()))
        seconds = np.asarray(pc.cast(pc.cast(read(words, pa.float64()), pa.int64(), safe=False), pa.float64()))
        found[mine] = np.where(seconds > MILLISECONDS, seconds / 1000, seconds) / 86400
    return found


def batches(rows: Iterable[Any], size: int) -> Iterator[list[Any]]:
    """Lists of up to `size` rows."""
    source = iter(rows)
    while some := list(islice(source, size)):
        yield some


def words(value: str) -> str:
    """One line of text, its HTML entities decoded (some files have them twice)."""
    return " ".join(html.unescape(html.unescape(value[:5000])).replace("\0", " ").split())


def number(value: str, least: float, most: float) -> float | None:
    """None for what is no number or out of bounds: "Unknown" is unknown."""
    try:
        found = float(value)
    except ValueError:
        return None
    return found if least <= found <= most else None


def blocks(path: Path, needed: tuple[str, ...], bad: Counter[str],
           further: tuple[str, ...] = ()) -> Iterator[tuple[pa.RecordBatch, float]]:
    """(the columns as bytes, share of the file read) block by block; NotATable says what is wrong with the file."""
    with _told(path):
        if path.suffix.lower() in PARQUET:
            yield from _parquet(path, needed, further)
        else:
            yield from _csv(path, needed, bad, further)


def _csv(path: Path, needed: tuple[str, ...], bad: Counter[str], further: tuple[str, ...]) -> Iterator[tuple[Any, float]]:
    import pyarrow as pa
    from pyarrow import csv

    def broken(row: Any) -> str:
        bad["with another number of columns"] += 1
        return "skip"

    names = (*needed, *further)
    size = max(path.stat().st_size, 1)
    with pa.OSFile(str(path)) as file:
        reader = csv.open_csv(
            pa.CompressedInputStream(file, "gzip") if path.suffix.lower() == ".gz" else file,
            csv.ReadOptions(block_size=BLOCK, use_threads=False),
            csv.ParseOptions(newlines_in_values=True, invalid_row_handler=broken),
            csv.ConvertOptions(column_types=dict.fromkeys(names, pa.binary()), strings_can_be_null=False, check_utf8=False))
        kept = _known(path, reader.schema.names, needed, further)
        for block in reader:
            yield block.select(kept), min(file.tell() / size, 1.0)


def _parquet(path: Path, needed: tuple[str, ...], further: tuple[str, ...]) -> Iterator[tuple[Any, float]]:
    import pyarrow as pa
    import pyarrow.compute as pc
    from pyarrow import parquet

    with parquet.ParquetFile(path) as file:
        kept, done, total = _known(path, file.schema_arrow.names, needed, further), 0, max(file.metadata.num_rows, 1)
        for block in file.iter_batches(ROWS, columns=kept):
            done += block.num_rows
            yield pa.record_batch([pc.cast(pc.cast(block.column(name), pa.string()), pa.binary()) for name in kept],
                                  names=kept), done / total


def _known(path: Path, there: list[str], needed: tuple[str, ...], further: tuple[str, ...]) -> list[str]:
    missing = [name for name in needed if name not in there]
    if missing:
        raise NotATable(f"{path.name} has no column {missing[0]}; it needs {', '.join(needed)} in its first line.")
    return [name for name in (*needed, *further) if name in there]


def _text(value: bytes | None) -> str:
    return (value or b"").decode("utf-8", "replace").replace("\0", " ").strip()


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """Whatever pyarrow finds wrong with a file, in a sentence."""
    import pyarrow as pa

    try:
        yield
    except (pa.ArrowException, EOFError) as error:
        reason = str(error).strip().splitlines()[0][:200] if str(error).strip() else type(error).__name__
        raise NotATable(f"{path.name} can't be read as a table: {reason}") from error
    except FileNotFoundError as error:
        raise NotATable(f"There is no file {path}.") from error
    except OSError as error:
        raise NotATable(f"{path.name} can't be read: {error.strerror or error}.") from error
