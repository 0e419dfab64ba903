"""A language model from a folder, by transformers, in a worker process: safetensors only, never code of the model's own."""

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from flaskr.jobs.compute import Busy
from flaskr.media.contract import Unreadable
from flaskr.talk.contract import NoAnswer, Said, Tool
from flaskr.talk.protocol import teach

LOADING = 300  # seconds that loading may take beside the answer
MOST_READ = 8192  # tokens of a conversation that are read, the last ones, if the model can read as many


@dataclass(frozen=True)
class Local:
    """The model of a folder. `run` is `Compute.run` of a worker that this model has for itself."""

    folder: Path
    run: Callable[..., Any]

    @property
    def name(self) -> str:
        return self.folder.name

    def reply(self, said: Sequence[Said], tools: Sequence[Tool], tokens: int, seconds: float) -> Said:
        """What the model says next; NoAnswer where it can't be loaded, crashes or takes too long."""
        if not list(self.folder.glob("*.safetensors")):
            raise NoAnswer(f"There is no model in models/{self.name}: its folder must hold config.json, a tokenizer and "
                           "*.safetensors.")
        told = [(one.role, one.words) for one in said]
        if tools:
            told.insert(1, ("system", teach(tools)))
        try:
            words, trouble = self.run(generate, str(self.folder), told, tokens, seconds, timeout=seconds + LOADING)
        except Unreadable:
            raise NoAnswer("The language model crashed or took too long; a smaller one may fit this machine.") from None
        except Busy:
            raise NoAnswer("The language model is still busy with another answer.") from None
        if trouble:
            raise NoAnswer(f"The language model in models/{self.name} can't be used: {trouble}")
        return Said("assistant", words)


def generate(folder: str, told: list[tuple[str, str]], tokens: int, seconds: float) -> tuple[str, str]:
    """In the worker: (what the model says next, ""), or ("", why it can't)."""
    import torch
    from safetensors import SafetensorError

    torch.set_num_threads(os.cpu_count() or 1)
    try:
        tokenizer, model = _loaded(folder)
        ids = _ids(tokenizer, told)
    except (OSError, ValueError, KeyError, TypeError, RuntimeError, ImportError, AttributeError, SafetensorError) as error:
        return "", f"{type(error).__name__}: {' '.join(str(error).split())[:200]}"
    room = min(MOST_READ, getattr(model.config, "max_position_embeddings", None) or MOST_READ)
    tokens = max(1, min(tokens, room // 2))
    read = torch.tensor([ids[-(room - tokens):]], device=model.device)
    with torch.inference_mode():
        found = model.generate(read, attention_mask=torch.ones_like(read), max_new_tokens=tokens, max_time=seconds,
                               do_sample=False, pad_token_id=tokenizer.pad_token_id or tokenizer.eos_token_id or 0)
    said = found[0, read.shape[1]:]
    ends = model.generation_config.eos_token_id
    if len(said) < tokens and int(said[-1]) not in (ends if isinstance(ends, list) else [ends]):
        return "", f"it took longer than {seconds:.0f} seconds."
    return tokenizer.decode(said, skip_special_tokens=True).strip(), ""


def _ids(tokenizer: Any, told: list[tuple[str, str]]) -> list[int]:
    """The conversation as the model's own template has it. Whatever was said stays words: the tokenizer's own signs in it,
    which would end a turn or begin one of the system's, are broken up."""
    from jinja2 import TemplateError

    signs = sorted({str(sign) for sign in (*tokenizer.all_special_tokens, *tokenizer.get_added_vocab()) if len(sign) > 1},
                   key=len, reverse=True)
    said = _merged([("user" if role == "tool" else role, ("Result: " if role == "tool" else "") + _broken(words, signs))
                    for role, words in told])
    if not tokenizer.chat_template:
        whole = "\n\n".join(f"{role.capitalize()}: {words}" for role, words in said) + "\n\nAssistant:"
        return tokenizer(whole)["input_ids"]
    listed = [{"role": role, "content": words} for role, words in said]
    try:
        text = tokenizer.apply_chat_template(listed, tokenize=False, add_generation_prompt=True)
    except TemplateError:  # a template without a system's turn
        first, *others = _merged([("user" if role == "system" else role, words) for role, words in said])
        listed = [{"role": role, "content": words} for role, words in (first, *others)]
        text = tokenizer.apply_chat_template(listed, tokenize=False, add_generation_prompt=True)
    return tokenizer(text, add_special_tokens=False)["input_ids"]


def _merged(said: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Turns of one role after another as one: templates want them to alternate."""
    found: list[tuple[str, str]] = []
    for role, words in said:
        if found and found[-1][0] == role:
            found[-1] = role, f"{found[-1][1]}\n\n{words}"
        else:
            found.append((role, words))
    return found


def _broken(words: str, signs: Sequence[str]) -> str:
    for sign in signs:
        words = words.replace(sign, f"{sign[0]} {sign[1:]}")
    return words


@lru_cache(maxsize=1)
def _loaded(folder: str) -> tuple[Any, Any]:
    """Tokenizer and model, loaded once in a worker's life; they go with it when it was idle."""
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer
    from transformers.utils import logging

    logging.disable_progress_bar()
    own: dict[str, Any] = {"local_files_only": True, "trust_remote_code": False}
    tokenizer = AutoTokenizer.from_pretrained(folder, **own)
    model = AutoModelForCausalLM.from_pretrained(folder, use_safetensors=True, dtype="auto", **own)
    return tokenizer, model.to("cuda" if torch.cuda.is_available() else "cpu").eval()
