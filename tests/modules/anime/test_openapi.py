"""The addresses keep what their OpenAPI document says, whatever is asked; and the document says all that they understand."""

import shutil
from urllib.parse import parse_qs, urlsplit

import pytest
import schemathesis
from hypothesis import HealthCheck, assume, given, settings
from schemathesis import GenerationMode

from modules.anime import find
from modules.anime.arrays import folder_of


@pytest.fixture
def api(app, settings, bring, generated, fitted):
    bring(*generated[1:])
    shutil.copytree(fitted, folder_of(settings.project))
    return schemathesis.openapi.from_wsgi("/openapi.json", app)


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
def test_answers_keep_to_the_document(api, mode):
    asked = 0
    for found in api.get_all_operations():
        operation = found.ok()

        @settings(max_examples=25, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
        @given(case=operation.as_strategy(generation_mode=mode))
        def ask(case):
            nonlocal asked
            answer = case.call()
            assert answer.status_code < 500
            values = parse_qs(urlsplit(answer.request.url).query, keep_blank_values=True).values()
            assume(all(one.replace("\0", "").strip() for some in values for one in some))  # an empty one asks nothing
            assume("nothing to answer" not in answer.text)  # signs that nobody sees, which no schema can say
            asked += 1
            case.validate_response(answer)
            if answer.status_code >= 400 and "json" in answer.headers["content-type"][0]:
                assert len(answer.json()["error"]) > 15

        ask()
    assert asked > 40


def test_the_document_is_made_from_what_the_addresses_read(client, bring):
    bring()
    told = client.get("/openapi.json").json
    assert told["openapi"].startswith("3.1") and {"/anime", "/user", "/recommend/{user_id}"} <= set(told["paths"])
    for path, known in (("/anime", find.TITLES), ("/user", find.RATINGS)):
        named = {one["name"] for one in told["paths"][path]["get"]["parameters"]}
        assert named == {one.key for one in known} | {"page", "per_page", "format"}
        row = told["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]["schema"]["anyOf"][0]
        assert set(client.get(f"{path}?page=1").json["rows"][0]) == set(row["properties"]["rows"]["items"]["properties"])


def test_a_format_that_is_none_is_refused(client, bring):
    bring()
    assert "json or html" in client.get("/anime?format=xml").json["error"]
