"""What every embedder must hold; its own test inherits this and gives `embedder` and `styles`."""

import dataclasses
import pickle

import numpy as np
import pytest

from flaskr.embedders.base import Embedder, Projection


class EmbedderContract:
    """Inherit it, and give `embedder` and `styles` (module fixtures): two kinds of items, each a list of samples."""

    @pytest.fixture(scope="class")
    @classmethod
    def raw(cls, embedder, styles) -> np.ndarray:
        """Raw features of both styles, [items, raw_dim]."""
        return np.array([embedder.features(item) for style in styles for item in style])

    @pytest.fixture(scope="class")
    @classmethod
    def library(cls, embedder, raw) -> np.ndarray:
        """Raw features of a larger library: the items, varied."""
        rng = np.random.default_rng(0)
        varied = raw[rng.integers(0, len(raw), 300)]
        return (varied + 0.3 * raw.std(0) * rng.normal(size=varied.shape)).astype(np.float32)

    def test_it_says_what_it_is(self, embedder):
        assert isinstance(embedder, Embedder) and embedder.takes and embedder.raw_dim > 0 and embedder.dim > 0
        assert embedder.space == f"{embedder.name}-{embedder.version}"

    def test_features_are_finite_and_fit_float16(self, embedder, raw):
        assert raw.dtype == np.float32 and raw.shape[1:] == (embedder.raw_dim,)
        assert np.isfinite(raw.astype(np.float16)).all()

    def test_features_are_repeatable_in_any_order_and_after_pickling(self, embedder, styles, raw):
        items = [item for style in styles for item in style]
        copy = pickle.loads(pickle.dumps(embedder))
        backwards = [copy.features(item) for item in reversed(items)][::-1]
        assert np.array_equal(np.array(backwards), raw)

    def test_features_leave_the_samples_alone(self, embedder, styles):
        item = styles[0][0]
        before = pickle.dumps(item)
        embedder.features(item)
        assert pickle.dumps(item) == before

    def test_parts_are_unit_rows_that_make_the_features(self, embedder, styles, raw):
        parts = embedder.parts(styles[0][0] + styles[0][1])
        if parts is None:
            return
        assert parts.dtype == np.float32 and parts.shape == (len(styles[0][0] + styles[0][1]), embedder.dim)
        assert np.allclose(np.linalg.norm(parts, axis=1), 1, atol=1e-5)
        assert np.allclose(embedder.joined(embedder.parts(styles[0][0])), raw[0], atol=1e-6)

    def test_no_samples_are_refused(self, embedder):
        with pytest.raises(ValueError):
            embedder.features([])

    @pytest.mark.parametrize("dtype", [np.float16, np.float32])
    def test_vectors_are_unit_rows(self, embedder, library, dtype):
        vectors = embedder.fit_projection(library.astype(dtype)).apply(library.astype(dtype))
        assert vectors.dtype == np.float32 and vectors.shape == (len(library), embedder.dim)
        assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)

    def test_vectors_of_float16_are_those_of_float32(self, embedder, library):
        projection = embedder.fit_projection(library)
        cosines = (projection.apply(library) * projection.apply(library.astype(np.float16))).sum(1)
        assert cosines.min() > 0.99

    def test_each_row_is_its_own(self, embedder, library):
        projection = embedder.fit_projection(library)
        alone = np.concatenate([projection.apply(row[None]) for row in library[:20]])
        assert np.allclose(alone, projection.apply(library)[:20], atol=1e-5)

    def test_zero_and_absurd_features_still_give_unit_rows(self, embedder, library):
        odd = np.array([np.zeros(embedder.raw_dim), np.full(embedder.raw_dim, 6e4), library.mean(0)], np.float32)
        for fitted in (embedder.fit_projection(library), embedder.fit_projection(library[:3])):
            assert np.allclose(np.linalg.norm(fitted.apply(odd), axis=1), 1, atol=1e-5)

    def test_nothing_gives_no_rows(self, embedder, library):
        empty = np.zeros((0, embedder.raw_dim), np.float16)
        assert embedder.fit_projection(library).apply(empty).shape == (0, embedder.dim)

    @pytest.mark.parametrize("few", [0, 1, 2, 20])
    def test_few_items_use_the_same_constants(self, embedder, library, few):
        projection = embedder.fit_projection(library[:few])
        assert projection.id == embedder.fit_projection(library[100:101]).id
        assert np.isfinite(projection.apply(library)).all()

    @pytest.mark.parametrize("items", [50, 128])
    def test_any_number_of_items_can_be_fitted(self, embedder, library, items):
        vectors = embedder.fit_projection(library[:items]).apply(library)
        assert np.isfinite(vectors).all() and np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)

    def test_items_all_alike_can_be_fitted(self, embedder, library):
        alike = np.repeat(library[:1], 80, axis=0)
        assert np.isfinite(embedder.fit_projection(alike).apply(library)).all()

    def test_a_fit_is_repeatable_and_knows_its_size(self, embedder, library):
        if not embedder.fits:
            assert embedder.fit_projection(library) == embedder.fit_projection(library[:0])
            return
        first, again = embedder.fit_projection(library), embedder.fit_projection(library.copy())
        assert first.id == again.id and first.fitted_on == len(library)
        assert first.id != embedder.fit_projection(library[:200]).id

    def test_a_projection_survives_the_disk(self, embedder, library, tmp_path):
        projection = embedder.fit_projection(library)
        if not embedder.fits:
            assert projection.id == "as-it-is"  # nothing to lose, and no file
            return
        projection.save(tmp_path / "p.safetensors")
        loaded = Projection.load(tmp_path / "p.safetensors")
        assert loaded.id == projection.id and loaded.fitted_on == projection.fitted_on
        assert np.array_equal(loaded.apply(library), projection.apply(library))
        assert [path.name for path in tmp_path.iterdir()] == ["p.safetensors"]

    def test_a_projection_cannot_be_changed(self, embedder, library):
        with pytest.raises(dataclasses.FrozenInstanceError):
            embedder.fit_projection(library[:1]).fitted_on = 7

    def test_unlike_styles_are_apart_from_the_first_file_on(self, embedder, styles, raw):
        style = np.repeat([0, 1], [len(styles[0]), len(styles[1])])
        cosines = (vectors := embedder.fit_projection(raw[:0]).apply(raw)) @ vectors.T
        np.fill_diagonal(cosines, -np.inf)
        assert (style[cosines.argmax(1)] == style).all()
