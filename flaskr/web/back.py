"""Where a form leads: back to the page it was on, and only to a page of ours."""

from flask import Response, redirect, request


def back(default: str) -> Response:
    """A redirect to the form's `back` field if that is a path of this server, else to `default`."""
    there = request.form.get("back", "")
    return redirect(there if there.startswith("/") and not there.startswith(("//", "/\\")) else default, 303)
