"""Images: pictures from folders, looked at, rated, and sorted by taste."""

from flaskr.media.contract import Filter, Later, Module, Sort
from modules.images.tables import Image

MODULE = Module(
    name="images",
    title="Images",
    one="image",
    Item=Image,
    extensions=frozenset({"jpg", "jpeg", "png", "gif", "bmp", "webp", "tif", "tiff", "avif", "heic", "heif"}),
    embedder="picture",
    describe=Later("modules.images.read:describe"),
    samples=Later("modules.images.read:samples"),
    thumbnail=Later("modules.images.read:thumbnail"),
    playable=Later("flaskr.media.pictures:convert"),
    playable_suffix="jpg",
    direct=frozenset({"jpg", "jpeg", "png", "gif", "bmp", "webp", "avif"}),
    view="picture",
    best=("pixels",),
    words=("title", "caption", "camera", "lens", "year", "path"),
    card=("camera",),
    facts=(("taken_at", "Taken"), ("camera", "Camera"), ("lens", "Lens"), ("exposure", "Exposure"),
           ("aperture", "Aperture"), ("iso", "Sensitivity"), ("focal", "Focal length"), ("width", "Width"),
           ("height", "Height"), ("pixels", "Resolution"), ("proportion", "Proportion"), ("format", "Format"),
           ("animated", "Animated"), ("latitude", "Latitude"), ("longitude", "Longitude"),
           ("year", "Year"), ("caption", "Caption")),
    sorts=(Sort("taken", "Taken", "taken_at", True), Sort("resolution", "Resolution", "pixels", True),
           Sort("proportion", "Proportion", "proportion", True), Sort("camera", "Camera", "camera")),
    filters=(Filter("camera", "Camera", "camera"), Filter("format", "Format", "format"),
             Filter("year", "Year", "year", range=True)),
    demo=Later("flaskr.demo.pictures:demo"),
)
