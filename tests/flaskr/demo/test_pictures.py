"""The demo pictures: enough of them, the same for the same seed, with EXIF, and styles that the embedder tells apart."""

import numpy as np
import pytest
from PIL import Image
from threadpoolctl import threadpool_limits

from flaskr.demo.pictures import demo, render
from flaskr.demo.pictures.catalogue import STYLES, pictures, twins
from flaskr.embedders.picture import PictureEmbedder
from modules.images import MODULE


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    folder = tmp_path_factory.mktemp("demo")
    return folder, list(demo(folder, count=8))


def test_sixty_four_pictures_of_eight_styles_with_copies_and_loops(tmp_path):
    planned = list(pictures(64, 0))
    assert len({picture.path for picture in planned}) == 64 and len({picture.style for picture in planned}) == 8
    assert {picture.path.suffix for picture in planned} == {".jpg", ".png", ".webp"}
    assert len({picture.path.name for picture in pictures(640, 0)}) > 600
    assert len(twins(planned)) >= 5 and demo(tmp_path).__length_hint__() >= 64 + 5 + 1


def test_files_are_whole_and_say_when_and_by_what_they_were_taken(library):
    folder, paths = library
    assert sorted(paths) == sorted(path for path in folder.rglob("*") if path.is_file())
    for path in paths:
        facts = MODULE.describe(path)
        if path.parent.name in {style.name for style in STYLES}:
            assert facts["camera"] and 2008 <= facts["year"] <= 2024 and facts["caption"]
            assert (facts["width"], facts["height"]) == (1200, 900)
        assert path.stat().st_size < 2_000_000
    assert any(MODULE.describe(path)["animated"] for path in paths)


def test_same_seed_same_files_other_seed_others(library, tmp_path):
    folder, paths = library
    again = list(demo(tmp_path, count=8))
    assert [path.read_bytes() for path in again] == [path.read_bytes() for path in paths]
    one, other = (render(next(pictures(1, seed))) for seed in (0, 1))
    assert np.any(np.asarray(one) != np.asarray(other))
    assert not list(demo(folder, count=8))


def test_a_copy_is_smaller_and_looks_the_same(library):
    folder, paths = library
    copy = next(path for path in paths if path.parent.name == "From friends")
    original = next(path for path in paths if path.stem == copy.stem.removesuffix(" small"))
    one, other = (np.asarray(Image.open(path).convert("RGB").resize((60, 45)), float) for path in (copy, original))
    assert Image.open(copy).width < Image.open(original).width and np.abs(one - other).mean() < 6


def test_styles_are_told_apart_by_the_embedder():
    some, embedder, raw = list(pictures(24, 0)), PictureEmbedder(), []
    with threadpool_limits(1):
        for picture in some:
            small = render(picture)
            small.thumbnail((256, 256))
            raw.append(embedder.features([np.asarray(small)]))
        vectors = embedder.fit_projection(np.zeros((0, len(raw[0])), np.float32)).apply(np.array(raw))
    styles = np.array([picture.key[1] for picture in some])
    near = vectors @ vectors.T
    np.fill_diagonal(near, -9)
    assert (styles[near.argmax(axis=1)] == styles).mean() > 0.85  # chance: 0.1
