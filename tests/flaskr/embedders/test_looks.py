"""The second look: one item in two forms is alike, two items with near vectors are not."""

import numpy as np
import pytest
from PIL import Image, ImageEnhance

from flaskr.embedders import picture_look, sound_look, text_look
from flaskr.embedders.picture import PictureEmbedder
from flaskr.embedders.picture_prior import made_up
from flaskr.embedders.sound import SoundEmbedder

RATE = sound_look.RATE


@pytest.fixture(scope="module")
def photo():
    return Image.fromarray(made_up(3)).resize((320, 240))


def tune(seed, seconds=8.0):
    """float32: notes at times of their own, as every recording has them."""
    rng, at = np.random.default_rng(seed), np.arange(int(seconds * RATE)) / RATE
    sound = np.zeros(len(at))
    for _ in range(24):
        begin, pitch = rng.uniform(0, seconds), rng.uniform(150, 3000)
        sound += (at > begin) * np.exp(-6 * np.maximum(0, at - begin)) * np.sin(2 * np.pi * pitch * at)
    return (0.2 * sound).astype(np.float32)


def pixels(picture):
    return [np.asarray(picture)]


@pytest.mark.parametrize("form", [
    lambda photo: photo.resize((160, 120)), lambda photo: ImageEnhance.Brightness(photo).enhance(1.2),
    lambda photo: photo.crop((8, 6, 312, 234))], ids=["smaller", "brighter", "cropped"])
def test_a_picture_in_another_form_is_alike(photo, form):
    embedder = PictureEmbedder()
    assert embedder.alike(embedder.look(pixels(photo)), embedder.look(pixels(form(photo))))


def test_other_pictures_are_not(photo):
    one = picture_look.look(pixels(photo))
    assert not picture_look.alike(one, picture_look.look(pixels(photo.transpose(Image.Transpose.FLIP_LEFT_RIGHT))))
    assert not picture_look.alike(one, picture_look.look(pixels(photo) * 2))
    assert not picture_look.alike([], [])


def test_a_recording_with_another_loudness_and_beginning_is_alike():
    one, silence = tune(1), np.zeros(RATE // 2, np.float32)
    embedder = SoundEmbedder()
    looks = [embedder.look([sound]) for sound in (one, 0.6 * one, np.concatenate([silence, one]))]
    assert embedder.alike(looks[0], looks[1]) and embedder.alike(looks[0], looks[2]) and embedder.alike(looks[2], looks[1])


def test_other_recordings_are_not():
    looks = [sound_look.look([tune(seed)]) for seed in range(4)]
    assert not any(sound_look.alike(looks[a], looks[b]) for a in range(4) for b in range(a))
    assert not sound_look.alike(looks[0], looks[0] * 2) and not sound_look.alike([], [])


@pytest.mark.parametrize("sound", [np.zeros(10, np.float32), np.zeros(RATE, np.float32), np.full(RATE, 1e-9, np.float32)])
def test_silence_and_clicks_break_nothing(sound):
    assert sound_look.alike(sound_look.look([sound]), sound_look.look([sound])) in (True, False)


def test_texts_that_share_most_of_their_words():
    words = [f"word{number}" for number in range(300)]
    changed = [*words[:100], "another", *words[101:200], "again", *words[201:], "and", "more"]
    one, other = text_look.look([" ".join(words)]), text_look.look([" ".join(changed[:150]), " ".join(changed[150:])])
    assert text_look.alike(one, other)
    assert text_look.shared(one[0], one[0]) == 1.0
    assert not text_look.alike(one, text_look.look([" ".join(reversed(words))]))
    assert text_look.look(["…"]) == [] and not text_look.alike([], [])
    assert text_look.look(["a \udce9"])  # a lone surrogate is only another sign


def test_what_is_seen_is_small(photo):
    assert sum(part.nbytes for part in picture_look.look(pixels(photo))) == 64
    assert sum(part.nbytes for part in sound_look.look([tune(1, 30.0)])) < 20_000
    assert sum(part.nbytes for part in text_look.look(["a b c d e f g " * 10_000])) <= 1024
