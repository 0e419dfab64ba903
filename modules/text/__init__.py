"""Texts: books, articles and notes from folders, read, rated, and sorted by taste."""

from flaskr.media.contract import Filter, Later, Module, Sort
from modules.text import routes
from modules.text.tables import Text

MODULE = Module(
    name="text",
    title="Texts",
    one="text",
    Item=Text,
    extensions=frozenset({"txt", "md", "html", "htm", "xhtml", "pdf", "epub", "rst"}),
    embedder="text",
    describe=Later("modules.text.read:describe"),
    samples=Later("modules.text.read:samples"),
    view="text",
    resumes=True,
    best=("words", "pages"),
    group="author",
    words=("title", "author", "year", "preview", "path"),
    card=("author",),
    facts=(("author", "Author"), ("words", "Words"), ("pages", "Printed pages"), ("year", "Year"), ("language", "Language"),
           ("format", "Format"), ("encoding", "Encoding")),
    sorts=(Sort("author", "Author", "author"), Sort("words", "Words", "words", True), Sort("year", "Year", "year", True),
           Sort("pages", "Pages", "pages", True)),
    filters=(Filter("author", "Author", "author"), Filter("language", "Language", "language"),
             Filter("format", "Format", "format"), Filter("year", "Year", "year", range=True)),
    routes=routes.add,
    demo=Later("flaskr.demo.texts:demo"),
)
