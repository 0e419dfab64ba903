"""Science notes and how-tos: how things are, and how things are done."""

import numpy as np

from flaskr.demo.texts.grammar import Grammar, Text, rules

QUESTIONS = tuple(map(rules, (
    """title: Why the tide comes twice a day
fact: The Moon pulls the near side of the ocean more strongly than the far side.|That stretches the water into two \
bulges, one towards the Moon and one away from it.|The Earth turns below them, so most coasts see high water twice \
a day.|Because the Moon moves on, each tide is about fifty minutes later than the day before.|The Sun helps or \
hinders: spring tides come at new and full moon.
see: Stand on a beach with a stick in the sand and mark the water every half hour.""",
    """title: What makes a rainbow
fact: A raindrop is a small round mirror and a prism at once.|Light enters, is bent, is thrown back from the rear, \
and is bent again as it leaves.|Red comes out at about 42 degrees, blue at about 40, so each drop sends one colour \
to your eye.|The middle of the arc lies opposite the Sun; that is why noon has few rainbows.|A second, weaker arc \
has its colours the other way round.
see: Turn your back to the Sun and spray water from a hose.""",
    """title: How bees tell the way
fact: A bee that found flowers dances on the comb in the dark.|The angle of its straight run to the vertical is the \
angle between the flowers and the Sun.|The longer the run, the farther the way.|Others follow with their feelers \
and then fly out.|Karl von Frisch read this language and was given a Nobel Prize in 1973.
see: Put a dish of sugar water in the garden and count how long the second bee takes.""",
    """title: Why volcanoes stand in rows
fact: The crust of the Earth is broken into plates that drift a few centimetres a year.|Where one dives below \
another, its water makes the hot rock above it melt more easily.|The melt is lighter than what surrounds it, and \
rises.|So volcanoes stand in a line behind the trench.|Others, as on Hawaii, are made by a hot spot over which the \
plate slides.
see: Lay a sheet of paper on a candle's warm air and draw it slowly along.""",
    """title: What happens while we sleep
fact: Sleep comes in rounds of about ninety minutes.|First it grows deeper, then the eyes begin to move and dreams \
come.|In deep sleep the brain plays the day again, and memories become firm.|The body repairs itself and grows.|Who \
sleeps too little learns less and catches colds more easily.
see: Write down your dreams for a week, at once after waking.""",
    """title: How stars are born and end
fact: A cloud of gas falls together under its own weight and grows hot.|At ten million degrees hydrogen begins to \
turn into helium, and a star shines.|Our Sun has fuel for about ten billion years, of which almost half is used.|A \
heavy star burns faster and ends as a supernova.|Much of the iron in our blood was made in such stars.
see: Look for the Orion Nebula below the three stars of the belt: stars are born there now.""",
    """title: Why ice floats
fact: Most things shrink as they freeze; water grows by about nine per cent.|In ice each molecule holds four others \
at arm's length, which leaves room.|Water is densest at four degrees above zero.|So a lake freezes from the top, \
and fish live through the winter below.|The same force breaks bottles, pipes and mountains.
see: Fill a bottle of plastic to the rim, close it, and leave it in the freezer.""",
    """title: How sound travels
fact: Sound is pressure that is handed on from one bit of air to the next.|It goes about 340 metres in a second; \
light is nearly a million times faster.|In water it is four times as fast as in air, in steel fifteen times.|A high \
tone shakes the air more often each second than a low one.|In space there is no air, and so no sound.
see: Count the seconds from the lightning to the thunder and divide by three: that many kilometres.""",
)))
TASKS = tuple(map(rules, (
    """title: How to mend a bicycle tyre
need: a patch|glue|sandpaper|two levers
step: Lift the tyre over the rim with the levers.|Pump up the tube and listen, or hold it under water.|Mark the \
hole, dry the rubber and roughen it.|Spread the glue thinly and wait until it is dull.|Press the patch on for a \
minute.|Feel inside the tyre for the thorn before you put it back.
why: a patch that was put on wet glue comes off within a day""",
    """title: How to plant a tree
need: a spade|a post|water|a young tree
step: Dig a hole twice as wide as the roots.|Set the post on the side where the wind comes from.|Loosen the roots \
and stand the tree as deep as it stood before.|Fill in the earth and shake it gently.|Tread it firm and pour two \
buckets of water.|Tie it to the post with a loose eight.
why: a tree that stands too deep suffocates slowly""",
    """title: How to tie a bowline
need: a rope|a ring or a post
step: Make a small loop, the long end below.|Bring the short end up through the loop.|Lead it round behind the long \
end.|Take it down through the loop again.|Hold the big loop and pull on the long end.|Check that the short end lies \
inside.
why: it never slips under load, and it can always be opened""",
    """title: How to sharpen a knife
need: a whetstone|water|a cork
step: Lay the stone in water until no bubbles rise.|Hold the blade at the angle of two stacked coins.|Draw it along \
as if you cut a thin slice off the stone.|Do ten strokes on one side, then ten on the other.|Feel with the thumb \
across the edge for the burr.|Cut the burr away on the fine side and on a cork.
why: a blunt knife slips and cuts the hand""",
    """title: How to make a paper kite
need: two thin sticks|strong paper|string|strips of cloth
step: Tie the sticks to a cross.|Run a string round the four ends.|Lay the paper under it, fold the rim over the \
string and glue it.|Tie the bridle above and below the cross.|Hang a tail five times as long as the kite.|Run a \
little, then let the wind do it.
why: a kite that turns on its head needs a longer tail""",
    """title: How to read a map without getting lost
need: a map|a compass|a pencil
step: Lay the map so that its north points north.|Find two things that you can see on it.|Put your thumb where you \
are.|Look at what must come next, and on which side.|Move your thumb with you at every crossing.|When something \
does not fit, stop and go back to the last sure place.
why: most people get lost in the first minute in which they stop looking""",
    """title: How to save a file that matters
need: two disks|a label|an hour each month
step: Write down which files you could not make again.|Copy them to a disk at home.|Copy them to a second one that \
lives elsewhere.|Open three of them from the copy, to see that they are whole.|Write the date on the label.|Do it \
again on the first of each month.
why: a copy that nobody has opened is only a hope""",
    """title: How to dye wool with onions
need: a bag of onion skins|alum|a big pot|a skein of wool
step: Boil the skins for an hour and pour them off.|Soak the wool in warm water with the alum.|Lay the wet wool in \
the brew and warm it slowly.|Keep it just below boiling for an hour and turn it now and then.|Let it cool in the \
pot overnight.|Rinse it until the water stays clear.
why: wool that is heated or cooled in a hurry turns into felt""",
)))
COMMON = rules("""ask: A child asked me this, and I had to look it up.|It is one of those things one thinks one \
knows.|The short answer fits on a card.|Here is what is known.
look: You can see it yourself.|Try it.|A small experiment:
first: It takes less than an hour.|You need no talent for this.|I learned it late, and use it every year.|Read all \
steps first.
mind: Mind this: {why}.|The reason for so much care: {why}.|Remember: {why}.""")


def science(rng: np.random.Generator, turn: int) -> Text:
    """The science note number `turn`."""
    grammar = Grammar(rng, COMMON, QUESTIONS[turn % len(QUESTIONS)])
    facts = grammar.some("fact", 5 - turn % 2)
    return Text(grammar.say("{title}"), (("p", (grammar.say("{ask}"), *facts[:2])), ("p", facts[2:]),
                                         ("h", ("See for yourself",)), ("p", (grammar.say("{look} {see}"),))))


def task(rng: np.random.Generator, turn: int) -> Text:
    """The how-to number `turn`."""
    grammar = Grammar(rng, COMMON, TASKS[turn % len(TASKS)])
    return Text(grammar.say("{title}"), (
        ("p", (grammar.say("{first}"),)), ("h", ("Have at hand",)), ("list", grammar.some("need", 9)),
        ("h", ("Step by step",)), ("steps", grammar.some("step", 6)), ("p", (grammar.say("{mind}"),))))
