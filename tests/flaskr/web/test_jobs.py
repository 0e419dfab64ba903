"""The jobs page's commands: one button starts every demo library, what the bar plays first."""

import pytest
from sqlalchemy import select

from flaskr.config import load_settings
from flaskr.extensions import db
from flaskr.media.discovery import names
from flaskr.tables import Job


@pytest.fixture
def settings(tmp_path):
    return load_settings(names(), {"ANAGNORISIS_MAIN__PROJECT_CONFIG_DIRECTORY": str(tmp_path / "project")})


def test_one_button_starts_every_demo_library(app, client):
    assert 'action="/jobs/demo"' in client.get("/").text
    assert client.post("/jobs/demo", data={"back": "/"}).status_code == 303
    made = [job.module for job in db.session.scalars(select(Job).order_by(Job.id))]
    assert made[0] == "music" and set(made) == {name for name, module in app.extensions["modules"].items() if module.demo}
    home = client.get("/").text
    assert 'action="/jobs/demo"' not in home and home.count("data-job-id-value") >= len(made)
