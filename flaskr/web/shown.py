"""How facts are written for a person: template filters and what every template may know."""

import datetime
import time
from collections.abc import Mapping
from typing import Any

from flask import Flask, current_app, request, url_for

from flaskr.jobs.blend import version
from flaskr.library.paths import shown
from flaskr.listing.across import across
from flaskr.listing.overview import busy
from flaskr.media import languages
from flaskr.media.contract import Module
from flaskr.web.jobs import as_dict

SHOWN_WHOLE = 3_000_000  # bytes up to which a picture is shown as it is; a larger one by a smaller copy
AS = {"bitrate": "{} kbit/s", "width": "{:,} px", "height": "{:,} px", "aperture": "f/{:g}", "iso": "ISO {}",
      "focal": "{:g} mm", "latitude": "{:.5f}°", "longitude": "{:.5f}°", "proportion": "{:.2f} : 1", "words": "{:,}",
      "pages": "{:,}", "fps": "{:.4g} fps"}


def register(app: Flask) -> None:
    """Add the filters and the context of every template."""
    for function in (ago, bounded, moment, clock, day, month, size, points, whole, fact):
        app.add_template_filter(function)
    app.add_template_filter(shown, "path")
    app.add_template_global(without)
    app.context_processor(context)


def context() -> dict[str, Any]:
    """`modules`, `catalogues`, `radios` (with a folder), `broken`, `settings`, `busy`: jobs that run or wait, `is_stale`,
    `across_media`: what one medium teaches another."""
    extensions = current_app.extensions
    modules = [module for module in extensions["modules"].values() if module.kind == "files"]
    settings = extensions["settings"]
    return {"modules": modules,
            "catalogues": [module for module in extensions["modules"].values() if module.kind == "catalogue"],
            "radios": [module for module in modules if f"{module.name}.radio" in current_app.view_functions
                       and settings.module(module.name).media_directory],
            "across_media": lambda: across(modules, settings.project),
            "broken": extensions["broken"], "settings": settings,
            "busy": lambda: [as_dict(job) for job in busy()], "facts_of": facts_of, "is_stale": is_stale}


def is_stale(module: Module, item: Any) -> bool:
    """Whether an item's prediction is by another evaluator than the one that predicts now."""
    if item.prediction is None:
        return False
    versions = request.environ.setdefault("anagnorisis.versions", {})  # read once in a request
    if module.name not in versions:
        versions[module.name] = version(current_app.extensions["settings"].project, module.name)
    return item.predicted_by != versions[module.name]


def facts_of(module: Module, item: Any) -> dict[str, Any]:
    """Small facts of an item for scripts: the player, a card, a socket event. Made once in a request."""
    made = request.environ.setdefault("anagnorisis.facts", {})
    key = (module.name, item.id, item.rating)
    if key not in made:
        made[key] = _facts_of(module, item, made)
    return made[key]


def _facts_of(module: Module, item: Any, made: dict) -> dict[str, Any]:
    """Addresses are those of `blueprint`: one call of url_for, not six for each of 60 items."""
    if module.name not in made:
        made[module.name] = url_for(f"{module.name}.browse")
    page = f"{made[module.name]}{item.id}"
    file, small = f"{page}/file", f"{page}/thumbnail?v={item.fingerprint[:8]}" if item.has_thumbnail else None
    whole_file = item.size <= SHOWN_WHOLE or getattr(item, "animated", False)
    return {"id": item.id, "module": module.name, "title": item.title,
            "by": (getattr(item, module.group) if module.group else "") or "",
            "duration": getattr(item, "duration", None), "rating": item.rating, "prediction": item.prediction,
            "spread": item.spread, "stale": is_stale(module, item), "page": page, "file": file,
            "large": (file if whole_file else f"{small}&side=1920") if module.view == "picture" else None,
            "rate": f"{page}/rate", "play": f"{page}/play" if module.plays else None, "thumbnail": small}


def without(given: Mapping[str, Any], key: str) -> dict[str, Any]:
    """A mapping less one key."""
    return {one: value for one, value in given.items() if one != key}


def ago(at: float | None) -> str:
    """“3 hours ago” for Unix seconds; "never" for none."""
    if not at:
        return "never"
    passed = max(0.0, time.time() - at)
    for seconds, name in ((31_557_600, "year"), (2_629_800, "month"), (86_400, "day"), (3600, "hour"), (60, "minute")):
        if passed >= seconds:
            number = int(passed // seconds)
            return f"{number} {name}{'s' if number > 1 else ''} ago"
    return "just now"


def moment(created: str | None) -> str:
    """“3 hours ago” for an ISO time, as cards have it; "" for what is none."""
    try:
        return ago(datetime.datetime.fromisoformat(created or "").timestamp())
    except (TypeError, ValueError):
        return ""


def lasting(seconds: float) -> str:
    """“about 4 seconds”: no more precise than it is known."""
    if seconds < 55:
        return f"about {max(2, round(seconds) if seconds < 12 else 5 * round(seconds / 5))} seconds"
    minutes = max(1, round(seconds / 60))
    return f"about {minutes} minute{'s' if minutes > 1 else ''}"


def clock(seconds: float | None) -> str:
    """m:ss or h:mm:ss."""
    if seconds is None:
        return ""
    whole_seconds = int(round(seconds))
    hours, minutes = divmod(whole_seconds // 60, 60)
    return f"{hours}:{minutes:02d}:{whole_seconds % 60:02d}" if hours else f"{minutes}:{whole_seconds % 60:02d}"


def size(count: int | None) -> str:
    """Bytes in the unit that fits."""
    value = float(count or 0)
    for unit in ("bytes", "KB", "MB", "GB"):
        if value < 1000:
            return f"{value:.0f} {unit}" if unit == "bytes" or value >= 10 else f"{value:.1f} {unit}"
        value /= 1000
    return f"{value:.1f} TB"


def points(rating: float | None) -> str:
    """A rating or prediction: 7, 7.5."""
    return "" if rating is None else f"{rating:.1f}".removesuffix(".0")


def bounded(rating: float) -> str:
    """The end of an interval of ratings, as a rating: from 0 to 10."""
    return points(min(max(rating, 0.0), 10.0))


def day(at: float) -> str:
    """“3 March 2026” for Unix seconds."""
    return datetime.datetime.fromtimestamp(at).strftime("%-d %B %Y")


def month(label: str) -> str:
    """“Mar” or “Jan 2026” for "2026-03" and "2026-01"."""
    return datetime.date.fromisoformat(f"{label}-01").strftime("%b %Y" if label.endswith("-01") else "%b")


def whole(number: float | None) -> str:
    """A count with separators."""
    return f"{number or 0:,.0f}"


def fact(value: Any, key: str) -> str:
    """A module's fact by the kind of its name: a duration, a time, a number with its unit, or as it is."""
    if value in (None, ""):
        return ""
    if key == "duration":
        return clock(value)
    if key == "language":
        return languages.name(value)
    if key == "pixels":
        return f"{value / 1e6:.1f} MP" if value >= 1e5 else f"{value:,} px"
    if key == "taken_at":  # a camera's clock, kept as it stood: see the column
        return datetime.datetime.fromtimestamp(value, datetime.UTC).strftime("%-d %b %Y, %H:%M")
    if key in ("added", "modified", "last_played", "rated_at"):
        return datetime.datetime.fromtimestamp(value).strftime("%-d %B %Y, %H:%M")
    if isinstance(value, bool):
        return "yes" if value else "no"
    if key in AS:
        return AS[key].format(value)
    return str(value)
