"""Short poems: four lines and four lines, on one thing each."""

import numpy as np

from flaskr.demo.texts.grammar import Grammar, Text, rules

THINGS = tuple(map(rules, (
    """title: Tide|Salt
line: the sea has written on the sand all night|and the morning reads it out in gulls|a shell remembers every \
word|the boats lean on each other, tired of distance|salt dries white upon the rope|one wave goes back to fetch the \
next|the horizon is a line that no one signs|foam, and the small applause of stones""",
    """title: First snow|January
line: it fell while we were speaking of something else|the street has lost its corners|a crow is the only full \
stop|the fence posts put on caps|every step is the first step here|the lamp holds its own small storm|breath stands \
in the air and waits|under it all the seeds say nothing""",
    """title: Bread|The kitchen at five
line: my mother's hands knew the weight of flour|the oven ticked like a slow clock|something rose that had been \
dust|we broke it before it had cooled|steam wrote on the window and was wiped away|the crust sang as it \
cooled|nobody said grace, and it was there|the last crumbs we left to the sparrows""",
    """title: The cat|Nobody's cat
line: she owns the stair between two floors|she folds herself into a loaf of dusk|the bird outside is only a \
thought|she forgives us, but not at once|her tail asks a question of the air|at three she runs from something \
old|warm places know her by her weight|she closes both eyes, which means yes""",
    """title: Rain on the roof|Weather
line: the gutter tells it to the barrel|all the leaves say one word at a time|the road has borrowed the sky|someone \
runs with a newspaper for a roof|the hills step back and are gone|we count between the light and the \
sound|afterwards each wire holds a row of beads|the garden drinks with its eyes closed""",
    """title: Night train|Departure
line: the stations go by with their one clock|a field of windows, then a field|your face and mine lie in the \
glass|someone in the next compartment laughs in his sleep|the rails repeat what they were told|a dog barks once in \
a country without name|I have a ticket and no reason|the dark has a long whistle in it""",
    """title: The moon in the well|Moon
line: it comes up late and without shoes|it lays a sheet over the roofs|the well has caught it, and lets it go|dogs \
tell each other it is there|a thin one, like the paring of a nail|it pulls the sea by one loose thread|it shines \
for thieves and for the milk|in the morning it stays a while, pale as a coin""",
    """title: Old workshop|My father's tools
line: each hangs in the shape of itself|the plane still smells of spruce|a jar of screws sorted by no one's \
rule|the vice holds nothing, and holds it well|shavings curl like questions on the floor|the saw has kept its \
teeth|a pencil stub behind an ear of dust|the light comes in at the height of a boy""",
)))
COMMON = rules("""last: and that is all, and it is much|I stood there longer than I meant|nothing was \
explained|tell no one, or tell everyone|so it went on without us""")


def poem(rng: np.random.Generator, turn: int) -> Text:
    """The poem number `turn`."""
    grammar = Grammar(rng, COMMON, THINGS[turn % len(THINGS)])
    lines = [grammar.say("{line}") for _ in range(7)]
    small = [line[0].lower() + line[1:] if not line.startswith("I ") else line for line in (*lines, grammar.say("{last}"))]
    return Text(grammar.say("{title}"), (("verse", tuple(small[:4])), ("verse", tuple(small[4:]))))
