"""Settings: order of the files, where each value came from, and refusals in a sentence."""

import pytest
import yaml

from flaskr.config import InvalidSettings, load_settings, save_setting


@pytest.fixture
def project(tmp_path):
    folder = tmp_path / "project"
    folder.mkdir()
    return folder


@pytest.fixture
def load(tmp_path, project):
    """load(file={...}, own={...}, **environment): settings from these layers."""
    def run(file=None, own=None, **environ):
        first = tmp_path / "first.yaml"
        first.write_text(yaml.safe_dump(file or {}))
        (project / "config.yaml").write_text(yaml.safe_dump(own or {}))
        return load_settings(["music"], {
            "ANAGNORISIS_CONFIG": str(first), "ANAGNORISIS_MAIN__PROJECT_CONFIG_DIRECTORY": str(project),
            **{f"ANAGNORISIS_{key}": value for key, value in environ.items()}})
    return run


def test_defaults(load):
    settings = load()
    assert (settings.main.host, settings.main.port) == ("127.0.0.1", 5001)
    assert settings.music.media_directory == []
    assert settings.origin.get("main.port", "default") == "default"


def test_later_layers_win_and_say_so(load, tmp_path, project):
    both = {"main": {"port": 6000, "threads": 10}}, {"main": {"port": 6001}}
    assert load(*both).main.port == 6001
    settings = load(*both, MAIN__PORT="6002")
    assert (settings.main.port, settings.main.threads) == (6002, 10)
    assert settings.origin["main.port"] == "environment"
    assert settings.origin["main.threads"] == str(tmp_path / "first.yaml")


def test_one_folder_or_many(load, tmp_path):
    assert load({"music": {"media_directory": "a"}}).music.media_directory == [tmp_path / "a"]
    many = load(MUSIC__MEDIA_DIRECTORY="[/x, /y]").music.media_directory
    assert [str(folder) for folder in many] == ["/x", "/y"]


def test_relative_folders_belong_to_the_file_that_names_them(load, project):
    assert load(own={"music": {"media_directory": "songs"}}).music.media_directory == [project / "songs"]


def test_formats_are_bare_and_lower(load):
    assert load({"music": {"media_formats": [".MP3", "flac"]}}).music.media_formats == ["mp3", "flac"]


@pytest.mark.parametrize(("layer", "words"), [
    ({"main": {"prot": 1}}, "main.prot: no such setting"), ({"nonsense": {"a": 1}}, "nonsense: no such setting"),
    ({"main": {"port": "many"}}, "main.port"), ({"main": {"port": 70000}}, "main.port"),
    ({"ranking": {"explore": 2}}, "ranking.explore"),
    ({"compute": {"scheduler": "http://10.0.0.1:8786"}}, "compute.scheduler.*expected an address such as tcp://")])
def test_what_is_wrong_is_named(load, layer, words):
    with pytest.raises(InvalidSettings, match=words):
        load(layer)


def test_unknown_words_in_the_environment_are_refused(load):
    with pytest.raises(InvalidSettings, match="environment"):
        load(MAIN__PROT="1")


def test_broken_yaml_is_named(load, project):
    with pytest.raises(InvalidSettings, match="not valid YAML"):
        load_settings(["music"], {"ANAGNORISIS_CONFIG": str(_write(project / "x.yaml", "a: [")),
                                  "ANAGNORISIS_MAIN__PROJECT_CONFIG_DIRECTORY": str(project)})
    with pytest.raises(InvalidSettings, match="which is not a file"):
        load_settings([], {"ANAGNORISIS_CONFIG": str(project / "none.yaml")})


def test_a_saved_setting_is_read_back_and_keeps_the_others(load, project):
    settings = load(own={"main": {"threads": 9}})
    save_setting(settings, "music.media_directory", ["/music"])
    content = yaml.safe_load((project / "config.yaml").read_text())
    assert content == {"main": {"threads": 9}, "music": {"media_directory": ["/music"]}}


def test_every_setting_has_its_help(load):
    assert all(words for _, _, words, _ in load().rows())


def _write(path, text):
    path.write_text(text)
    return path
