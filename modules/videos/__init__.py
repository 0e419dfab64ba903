"""Videos: films and clips from folders, watched, rated, and sorted by taste."""

from flaskr.media.contract import Filter, Later, Module, Sort
from modules.videos import routes
from modules.videos.tables import Video

MODULE = Module(
    name="videos",
    title="Videos",
    one="video",
    Item=Video,
    extensions=frozenset({"mp4", "m4v", "webm", "mkv", "mov", "avi", "wmv", "flv", "ogv", "mpeg", "mpg", "ts", "m2ts",
                          "3gp"}),
    embedder="video",
    describe=Later("modules.videos.read:describe"),
    samples=Later("modules.videos.read:samples"),
    thumbnail=Later("modules.videos.read:thumbnail"),
    strip=Later("modules.videos.read:strip"),
    view="video",
    plays=True,
    resumes=True,
    best=("pixels", "bitrate"),
    words=("title", "caption", "year", "path"),
    facts=(("duration", "Duration"), ("width", "Width"), ("height", "Height"), ("pixels", "Resolution"), ("fps", "Frame rate"),
           ("video_codec", "Picture"), ("audio_codec", "Sound"), ("bitrate", "Bit rate"), ("format", "Format"),
           ("taken_at", "Recorded"), ("year", "Year"), ("caption", "Title inside")),
    sorts=(Sort("duration", "Duration", "duration"), Sort("resolution", "Resolution", "pixels", True),
           Sort("fps", "Frame rate", "fps", True), Sort("bitrate", "Bit rate", "bitrate", True),
           Sort("taken", "Recorded", "taken_at", True)),
    filters=(Filter("format", "Format", "format"), Filter("codec", "Picture", "video_codec"),
             Filter("year", "Year", "year", range=True)),
    routes=routes.add,
    demo=Later("flaskr.demo.frames:demo"),
)
