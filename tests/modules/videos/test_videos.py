"""Videos keep the contract; their facts, pictures and strips; and their pages: file, stream, place, play."""

import io
import time
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image
from sqlalchemy import func, select

from flaskr.config import load_settings
from flaskr.embedders.video import VideoEmbedder
from flaskr.extensions import db
from flaskr.feedback import places
from flaskr.jobs.steps import STEPS, Work
from flaskr.media import ffmpeg
from flaskr.media.contract import Unreadable
from flaskr.media.discovery import names
from flaskr.tables import Embedding, Play
from modules.videos import MODULE, read
from tests.contract.module_contract import ModuleContract
from tests.moving import picture, video


class TestVideos(ModuleContract):
    @pytest.fixture
    def module(self):
        return MODULE

    @pytest.fixture
    def example(self, tmp_path):
        return video(tmp_path / "one.mp4", sound=True)


@pytest.mark.parametrize(("name", "codec", "sound", "direct", "form"), [
    ("a.mp4", "libx264", True, True, "MP4"), ("a.m4v", "libx264", False, True, "M4V"),
    ("a.mov", "libx264", True, True, "MOV"), ("a.webm", "libvpx", True, True, "WebM"),
    ("a.webm", "libvpx-vp9", False, True, "WebM"), ("a.mkv", "libvpx-vp9", True, True, "Matroska"),
    ("a.mkv", "libx264", True, False, "Matroska"), ("a.mp4", "mpeg4", True, False, "MP4"),
    ("a.avi", "mpeg4", False, False, "AVI"), ("a.avi", "libx264", False, False, "AVI"), ("a.flv", "flv", True, False, "FLV"),
    ("a.mpg", "mpeg1video", True, False, "MPEG"), ("a.wmv", "wmv2", True, False, "WMV"),
    ("a.ts", "libx264", True, False, "MPEG-TS")])
def test_what_browsers_play_as_it_is(tmp_path, name, codec, sound, direct, form):
    facts = read.describe(video(tmp_path / name, codec, sound=sound, seconds=0.6))
    assert (facts["direct"], facts["format"], bool(facts["audio_codec"])) == (direct, form, sound)
    assert (facts["width"], facts["height"], facts["pixels"]) == (160, 96, 160 * 96)


def test_deep_colour_and_odd_sampling_are_not_played_as_they_are(tmp_path):
    for pixels in ("yuv444p", "yuv420p10le"):
        assert read.describe(video(tmp_path / "a.mp4", pixels=pixels, seconds=0.4))["direct"] is False


@pytest.mark.parametrize(("said", "year"), [
    ("2023-09-22T16:35:02.000000Z", 2023), ("2020-05-11", 2020), ("1999", 1999), ("1970-01-01T00:00:00.000000Z", None),
    ("1904-01-01T00:00:00Z", None), ("2023-02-31", 2023), ("9999-01-01", None), ("long ago", None), ("", None)])
def test_odd_dates(said, year):
    taken = read._taken({"creation_time": said})
    assert (taken.year if taken else None) == year


def test_the_title_inside_is_a_fact_and_the_name_of_the_file_the_title(tmp_path):
    facts = read.describe(video(tmp_path / "a.mp4", seconds=0.4, title="  Made by\n a <b>program</b> "))
    assert facts["caption"] == "Made by a <b>program</b>" and "title" not in facts


def test_samples_are_frames_and_windows(tmp_path):
    loud, silent = (read.samples(video(tmp_path / f"{sound}.mp4", sound=sound)) for sound in (True, False))
    assert [sample.ndim for sample in silent] == [3] * 8
    assert [sample.ndim for sample in loud] == [3] * 8 + [1] and loud[-1].dtype == np.float32


def test_the_picture_of_a_card_is_no_black_frame(tmp_path):
    path = tmp_path / "dark.mp4"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=10)
        stream.width, stream.height, stream.pix_fmt = 160, 96, "yuv420p"
        for number in range(100):
            made = picture(number / 100, (160, 96)) if 40 < number < 58 else np.zeros((96, 160, 3), np.uint8)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(made, format="rgb24")))
        container.mux(stream.encode(None))
    with Image.open(io.BytesIO(read.thumbnail(path))) as shown:
        assert np.asarray(shown).mean() > 60
    black = video(tmp_path / "a.mp4", seconds=0.2)
    assert read.thumbnail(black) == read.thumbnail(black)


@pytest.mark.parametrize(("size", "turned"), [((320, 180), 0), ((90, 320), 0), ((320, 180), 90), ((400, 20), 0)])
def test_a_strip_shows_the_whole_video(tmp_path, size, turned):
    strip = read.strip(video(tmp_path / "a.mp4", size=size, turned=turned))
    with Image.open(io.BytesIO(strip)) as shown:
        assert (shown.format, shown.size) == ("WEBP", (1600, 90)) and len(strip) < 60_000
        if size == (320, 180) and not turned:
            bars = [np.asarray(shown)[60, at * 160:(at + 1) * 160].astype(float).min(1).argmax() for at in (1, 5, 8)]
            assert bars == sorted(bars) and bars[0] < 50 and bars[-1] > 100


def test_real_videos_are_described_shown_or_refused(test_data):
    seen, refused = 0, []
    for path in sorted((test_data / "videos").iterdir()):
        started = time.monotonic()
        try:
            assert read.describe(path)["pixels"] > 0
            assert read.thumbnail(path)[:2] == b"\xff\xd8" and read.strip(path)[8:12] == b"WEBP"
            assert read.samples(path)
            seen += 1
        except Unreadable as error:
            refused.append(str(error))
        assert time.monotonic() - started < 60, path
    assert seen > 22 and all(reason.endswith(".") for reason in refused)


@pytest.fixture
def films(tmp_path):
    folder = tmp_path / "films"
    folder.mkdir()
    video(folder / "direct.webm", "libvpx", sound=True, seconds=3)
    video(folder / "-old & <b>.avi", "mpeg4", sound=True, seconds=3)
    (folder / "broken.mp4").write_bytes(b"\0" * 5000)
    return folder


@pytest.fixture
def settings(tmp_path, films):
    return load_settings(names(), {
        "ANAGNORISIS_MAIN__PROJECT_CONFIG_DIRECTORY": str(tmp_path / "project"),
        "ANAGNORISIS_VIDEOS__MEDIA_DIRECTORY": str(films), "ANAGNORISIS_COMPUTE__WORKERS": "1"})


@pytest.fixture
def videos(app, settings):
    """Scanned; ids by the names of the files."""
    module = app.extensions["modules"]["videos"]
    report = STEPS["scan"](Work(settings, app.extensions["compute"], module))
    assert report.counts["added"] == 2 and [Path(path).name for path, _ in report.unreadable] == ["broken.mp4"]
    yield {Path(item.path).name: item.id for item in db.session.scalars(select(module.Item))}
    ffmpeg.end_all()


def test_both_are_embedded_by_picture_and_sound(app, settings, videos):
    report = STEPS["embed"](Work(settings, app.extensions["compute"], app.extensions["modules"]["videos"]))
    assert report.counts["embedded"] == 2 and report.counts["unreadable"] == 0
    own = select(func.count()).where(Embedding.module == "videos", Embedding.space == VideoEmbedder().space)
    assert db.session.scalar(own) == 2


def test_a_direct_video_is_sent_in_ranges(client, videos):
    address = f"/videos/{videos['direct.webm']}/file"
    whole = client.get(address)
    assert whole.mimetype == "video/webm" and whole.headers["Accept-Ranges"] == "bytes"
    part = client.get(address, headers={"Range": "bytes=1000-1999"})
    assert (part.status_code, part.data) == (206, whole.data[1000:2000])
    page = client.get(f"/videos/{videos['direct.webm']}").text
    assert f'src="{address}"' in page and 'preload="metadata"' in page and "converted" not in page


def test_the_other_is_streamed_from_any_second(client, videos, tmp_path):
    item = videos["-old & <b>.avi"]
    page = client.get(f"/videos/{item}").text
    assert f'src="/videos/{item}/stream?start=0&amp;viewer=' in page
    assert "converted while you watch" in page and "<b>.avi" not in page
    answer = client.get(f"/videos/{item}/stream?start=2")
    assert answer.status_code == 200 and answer.mimetype in ("video/mp4", "video/webm") and "no-store" in str(answer.headers)
    (tmp_path / "out").write_bytes(answer.data)
    with av.open(str(tmp_path / "out")) as container:
        assert 0.5 < list(container.decode(video=0))[-1].time < 1.5
    assert ffmpeg.running() == 0


@pytest.mark.parametrize("start", ["-5", "nan", "1e99", "x", ""])
def test_an_odd_start_is_a_start(client, videos, start):
    answer = client.get(f"/videos/{videos['-old & <b>.avi']}/stream?start={start}")
    assert answer.status_code == 200 and len(answer.data) > 500


def test_a_viewer_who_leaves_ends_the_conversion(client, videos):
    answer = client.get(f"/videos/{videos['-old & <b>.avi']}/stream", buffered=False)
    next(answer.iter_encoded())
    answer.close()
    assert ffmpeg.running() == 0
    assert client.head(f"/videos/{videos['-old & <b>.avi']}/stream").status_code == 200 and ffmpeg.running() == 0


def test_a_third_viewer_reads_why_not(client, videos, films):
    path = video(films / "long.avi", "mpeg4", size=(640, 360), seconds=12)
    first, second = ffmpeg.Stream(path), ffmpeg.Stream(path)
    answer = client.get(f"/videos/{videos['-old & <b>.avi']}/stream", headers={"Accept": "application/json"})
    assert answer.status_code == 503 and "2 videos are being converted" in answer.json["error"]
    first.close()
    second.close()


def test_unknown_and_lost_videos_are_said_to_be_so(client, videos, films):
    assert client.get("/videos/999/stream").status_code == 404
    (films / "-old & <b>.avi").unlink()
    assert client.get(f"/videos/{videos['-old & <b>.avi']}/stream").status_code == 404


def test_places_are_kept_and_shown(app, client, videos):
    item = videos["direct.webm"]
    told = client.post(f"/videos/{item}/place", data={"at": "12.5"}, headers={"Accept": "application/json"})
    assert told.json == {"at": 12.5}
    module = app.extensions["modules"]["videos"]
    assert places.place(module, item) == 12.5
    assert 'data-video-from-value="0"' in client.get(f"/videos/{item}").text  # of three seconds that is the end
    db.session.get(module.Item, item).duration = 60.0
    db.session.commit()
    page = client.get(f"/videos/{item}").text
    assert 'data-video-from-value="12.5"' in page and "It goes on at <strong>0:12</strong>" in page
    assert client.post(f"/videos/{item}/place", data={"at": "over there"}).status_code == 400
    assert client.post("/videos/999/place", data={"at": "1"}).status_code == 404


def test_plays_count(client, videos):
    for heard, ended in (("3", "1"), ("1", "0")):
        client.post(f"/videos/{videos['direct.webm']}/play", data={"heard": heard, "ended": ended, "token": f"t{heard}"})
    assert [(play.finished, play.skipped) for play in db.session.scalars(select(Play))] == [(True, False), (False, True)]


def test_cards_and_their_strips(client, videos):
    page = client.get("/videos/").text
    item = videos["direct.webm"]
    assert f'data-strip-url-value="/videos/{item}/strip?v=' in page and '<span class="card-length">0:03</span>' in page
    strip, small = client.get(f"/videos/{item}/strip"), client.get(f"/videos/{item}/thumbnail?side=320")
    assert strip.mimetype == small.mimetype == "image/webp" and "max-age" in strip.headers["Cache-Control"]
    for view in ("list", "grid"):
        assert client.get(f"/videos/?view={view}&sort=duration&format=AVI").status_code == 200
