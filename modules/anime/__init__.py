"""Anime: a catalogue that many people rated, and an order of it for each of them."""

from flaskr.media.contract import Later, catalogue
from modules.anime import routes
from modules.anime.tables import Anime

MODULE = catalogue(name="anime", title="Anime", one="title", Item=Anime, routes=routes.add,
                   commands=Later("modules.anime.commands:add"), verbs=(("train", Later("modules.anime.learn:train")),))
