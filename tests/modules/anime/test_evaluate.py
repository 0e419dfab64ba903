"""flask anime evaluate: on the tables or on files alone; and the page of the last result."""

import json

import pytest


@pytest.fixture
def evaluate(runner):
    def go(*args):
        done = runner.invoke(args=["anime", "evaluate", *map(str, args)])
        assert done.exit_code == 0, done.output
        return done
    return go


def test_files_are_measured_alone(evaluate, files, generated, tmp_path):
    _, titles, ratings = generated
    anime, train = files(titles, ratings)
    head, *rows = ratings.splitlines()
    train.write_text("\n".join([head, *rows[::2]]) + "\n")
    test = tmp_path / "test.csv"
    test.write_text("\n".join([head, *rows[1::2], "99999999,100,7"]) + "\n")
    done = evaluate("--anime", anime, "--ratings", train, "--test", test, "--json")
    told = json.loads(done.stdout)["models"]
    assert {"rmse", "mae", "ndcg10", "recall20", "auc"} <= set(told["ensemble"]) and "nmf" in told
    assert told["ensemble"]["rmse"] < told["bias"]["rmse"] and "test: ensemble" in done.stderr
    words = evaluate("--ratings", train, "--test", test).stdout
    assert "ensemble" in words and "rmse" in words


def test_test_needs_ratings_and_a_missing_file_is_named(runner, tmp_path):
    done = runner.invoke(args=["anime", "evaluate", "--test", str(tmp_path / "t.csv")])
    assert done.exit_code == 2 and "--ratings" in done.output
    done = runner.invoke(args=["anime", "evaluate", "--ratings", str(tmp_path / "none.csv")])
    assert done.exit_code == 1 and "There is no file" in done.output and "Traceback" not in done.output


HTML = {"Accept": "text/html"}
TOLD = {"models": {
    "random": {"ndcg10": 0.0, "intervals": {"ndcg10": [0.0, 0.01]}, "ensemble_gap": {"ndcg10": [0.5, 0.4, 0.6, 0.001]}},
    "popularity": {"ndcg10": 0.2, "intervals": {}, "ensemble_gap": {"ndcg10": [0.3, 0.2, 0.4, 0.001]}},
    "<ease>": {"ndcg10": 0.5, "rmse": 1.0, "intervals": {}, "ensemble_gap": {"ndcg10": [0.0, -0.1, 0.1, 0.9]}},
    "ensemble": {"ndcg10": 0.5, "auc": 0.83, "mae": 0.76, "rmse": 1.1, "intervals": {"ndcg10": [0.4, 0.6]},
                 **{f"ndcg10 after {count}": 0.4 for count in (0, 1, 5, 10, 20)}}},
    "data": {"users": 5, "items": 7, "rows": 40, "ratings": 30, "scale": [1, 10]}, "protocols": ["P2"], "quick": True,
    "rows_of_a_user": 20, "seeds": {"P2": 1002}, "created": 1.0, "seconds": 3}


def test_the_page_says_it_in_words_and_teaches_the_command_before(app, client):
    from modules.anime import evaluating

    assert b"anime evaluate" in client.get("/anime/evaluation", headers=HTML).data
    assert client.get("/anime/evaluation").status_code == 409
    path = evaluating.kept(app.extensions["settings"].project)
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps(TOLD))
    page = client.get("/anime/evaluation", headers=HTML).text
    assert "recommends here, reaches 0.50" in page and "the most popular titles 0.20" in page and "83 times of 100" in page
    assert "No other model is better" in page and "&lt;ease&gt;" in page and "may be luck" in page and "polyline" in page
    assert client.get("/anime/evaluation?format=json").json == TOLD


def test_a_model_that_is_better_is_named():
    from modules.anime.charts import bars, sentences

    models = {"ensemble": {"rmse": 1.1, "intervals": {}}, "taste": {"rmse": 1.0, "intervals": {"rmse": [0.9, 1.2]},
                                                                    "ensemble_gap": {"rmse": [0.1, 0.05, 0.2, 0.01]}}}
    assert any("taste" in one and "better than the ensemble" in one for one in sentences(models))
    first, second = bars(models, "rmse")
    assert first.model == "taste" and first.differs and (first.start, first.end) == (pytest.approx(75), pytest.approx(100))
    assert second.gap is None and bars(models, "auc") == []
