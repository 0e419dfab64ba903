"""What every media module must hold; a module's own test inherits it and gives `module` and `example`."""

import dataclasses
import pickle
from pathlib import Path

import pytest

from flaskr.embedders import embedder_for
from flaskr.media.contract import Module, Unreadable
from flaskr.tables import MediaItem


class ModuleContract:
    """Inherit it, and give the fixtures `module` (the MODULE) and `example` (the path of a good file)."""

    @pytest.fixture
    def broken(self, module, tmp_path) -> list[Path]:
        """Files that are not what their names say, for every extension."""
        made = []
        for extension in sorted(module.extensions):
            for name, content in (("empty", b""), ("noise", bytes(range(256)) * 40), ("text", b"hello " * 200)):
                path = tmp_path / f"{name}.{extension}"
                path.write_bytes(content)
                made.append(path)
        return made

    def test_it_is_declared_whole(self, module):
        assert isinstance(module, Module) and module.name.isidentifier() and module.title and module.one
        assert module.extensions and all(one == one.lower().lstrip(".") for one in module.extensions)
        assert issubclass(module.Item, MediaItem)

    def test_its_orders_and_filters_are_indexed(self, module):
        columns = {index.columns.keys()[1] for index in module.Item.__table__.indexes if len(index.columns) > 1}
        for one in (*module.sorts, *module.filters):
            assert one.column in columns, one

    def test_what_it_names_exists(self, module):
        columns = module.Item.__table__.columns.keys()
        assert {key for key, _ in module.facts} <= set(columns)
        assert set(module.card) | ({module.group} if module.group else set()) <= set(columns)
        assert set(module.words) <= set(columns)

    def test_workers_can_be_sent_its_functions(self, module):
        for function in (module.describe, module.samples, module.playable):
            assert function is None or pickle.loads(pickle.dumps(function)) == function

    def test_facts_fit_the_table(self, module, example):
        facts = module.describe(example)
        assert set(facts) <= set(module.Item.__table__.columns.keys()) - {"id", "rating", "fingerprint", "path"}
        for key, value in facts.items():
            kind = module.Item.__table__.columns[key].type.python_type
            assert value is None or isinstance(value, kind), (key, value)

    def test_samples_are_bounded_and_not_random(self, module, example):
        first, second = module.samples(example), module.samples(example)
        assert 1 <= len(first) <= 64
        embedder = embedder_for(module.embedder)
        assert (embedder.features(first) == embedder.features(second)).all()

    def test_broken_files_are_unreadable_and_nothing_worse(self, module, broken):
        for path in broken:
            for function in (module.describe, module.samples):
                try:
                    function(path)
                except Unreadable as error:
                    assert str(error).endswith(".") and len(str(error)) < 300, (path, error)

    def test_the_contract_itself_is_stable(self, module):
        with pytest.raises(dataclasses.FrozenInstanceError):
            module.name = "other"
