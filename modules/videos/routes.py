"""Pages only videos have: the stream of what a browser can't play as it is."""

from flask import Blueprint, Response, current_app, request

from flaskr.listing.query import number
from flaskr.media import ffmpeg
from flaskr.web.found import find, real

LONGEST = 1e6
HEADERS = {"Cache-Control": "no-store", "Accept-Ranges": "none", "X-Accel-Buffering": "no",
           "Content-Security-Policy": "default-src 'none'; sandbox"}


def add(pages: Blueprint) -> None:
    """Add this module's routes to its blueprint."""
    pages.add_url_rule("/<int:item_id>/stream", "stream", stream)


def stream(item_id: int) -> Response:
    """The video from ?start= (seconds) on, converted while it is watched; ffmpeg ends when the viewer leaves."""
    module = current_app.extensions["modules"]["videos"]
    item = find(module, item_id)
    start = min(number(request.args.get("start"), 0, LONGEST) or 0.0, max(0.0, (item.duration or LONGEST) - 0.5))
    path, size = real(module, item.path), (item.width, item.height)
    if request.method == "HEAD":
        return Response(mimetype="video/mp4", headers=HEADERS)
    made = ffmpeg.Stream(path, start=start, size=size, viewer=request.args.get("viewer", "")[:20])
    return Response(made, mimetype=made.mimetype, headers=HEADERS, direct_passthrough=True)
