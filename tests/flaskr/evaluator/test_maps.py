"""The map's file: what was written is read, a damaged or missing one is none."""

import numpy as np

from flaskr.evaluator import maps
from flaskr.evaluator.mapping import Plan


def written(path, stamp="7 3"):
    made = maps.LibraryMap(ids=np.array([2, 5, 9]), at=np.array([[0, 1], [2, 3], [-4, 5]], np.int16),
                           group=np.array([0, 1, 0], np.uint8), central=np.array([[9, 2], [5, -1]]),
                           names=("Jazz · “quiet”", ""), space="sound", stamp=stamp)
    plan = Plan(np.zeros((2, 4), np.float16), np.zeros((2, 2), np.float32), np.zeros((2, 4), np.float32), 3)
    maps.save(path, made, plan)
    return made, plan


def test_it_is_read_as_it_was_written(tmp_path):
    path = maps.path_of(tmp_path, "music")
    made, plan = written(path)
    found, again = maps.load(path), maps.load_plan(path)
    assert found.names == made.names and found.stamp == "7 3" and np.array_equal(found.at, made.at)
    assert again.of == 3 and np.array_equal(again.rows, plan.rows)
    written(path, stamp="8 3")
    assert maps.stamp_of(path) == "8 3"


def test_a_damaged_or_missing_file_is_no_map(tmp_path):
    path = maps.path_of(tmp_path, "music")
    assert maps.load(path) is None and maps.load_plan(path) is None and maps.stamp_of(path) == ""
    written(path)
    path.write_bytes(path.read_bytes()[:40])
    assert maps.load(path) is None and maps.load_plan(path) is None


def test_rows_of_ids(tmp_path):
    made, _ = written(maps.path_of(tmp_path, "music"))
    assert made.rows_of(np.array([9, 3, 2, 100])).tolist() == [2, -1, 0, -1]
