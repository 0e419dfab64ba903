"""Music: songs from folders, heard, rated, and played by the radio."""

from flaskr.media.contract import Filter, Later, Module, Sort
from modules.music import routes
from modules.music.tables import Song

MODULE = Module(
    name="music",
    title="Music",
    one="song",
    Item=Song,
    extensions=frozenset({"mp3", "flac", "wav", "ogg", "oga", "opus", "m4a", "aac", "wma", "aif", "aiff"}),
    embedder="sound",
    describe=Later("modules.music.read:describe"),
    samples=Later("modules.music.read:samples"),
    thumbnail=Later("modules.music.read:cover"),
    playable=Later("flaskr.media.sound:transcode"),
    direct=frozenset({"mp3", "flac", "wav", "ogg", "oga", "opus", "m4a", "aac"}),
    plays=True,
    best=("bitrate",),
    group="artist",
    words=("title", "artist", "album", "album_artist", "genre", "year", "path"),
    card=("artist", "album"),
    facts=(("artist", "Artist"), ("album", "Album"), ("album_artist", "Album artist"), ("track", "Track"),
           ("genre", "Genre"), ("year", "Year"), ("duration", "Duration"), ("bitrate", "Bit rate"),
           ("format", "Format")),
    sorts=(Sort("artist", "Artist", "artist"), Sort("album", "Album", "album"), Sort("year", "Year", "year", True),
           Sort("duration", "Duration", "duration"), Sort("genre", "Genre", "genre")),
    filters=(Filter("artist", "Artist", "artist"), Filter("album", "Album", "album"),
             Filter("genre", "Genre", "genre"), Filter("format", "Format", "format"),
             Filter("year", "Year", "year", range=True)),
    routes=routes.add,
    demo=Later("flaskr.demo.sound:demo"),
)
