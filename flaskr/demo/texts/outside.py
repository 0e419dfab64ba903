"""Nature notes: what somebody saw at one place on one day."""

import numpy as np

from flaskr.demo.texts.grammar import Grammar, Text, rules

PLACES = tuple(map(rules, (
    """place: the pond|the old pond behind the mill
saw: a heron stood in the reeds and did not move for an hour.|two grebes shook their heads at each other.|tadpoles \
had drawn a black rim along the bank.|a dragonfly laid its eggs, one touch at a time.|the water lilies opened when \
the sun reached them.|a grass snake swam across with its head held up.
heard: frogs|a reed warbler|the plop of a water vole""",
    """place: the beech wood|the wood above the village
saw: a woodpecker hung under a dead branch and threw chips.|the floor was white with anemones before the leaves \
came.|a roe deer looked at me, and I looked at it.|ants had built a hill as high as my knee.|a nuthatch walked down \
a trunk, head first.|mushrooms stood in a half circle round a stump.
heard: a cuckoo, far away|the creak of two trunks|a blackbird that would not stop""",
    """place: the mud flats|the shore at low tide
saw: sandpipers ran along the edge like wound-up toys.|lugworms had left their small coiled heaps everywhere.|a \
seal lifted its round head and wondered.|oystercatchers opened mussels with red bills.|the tide came back through \
every channel at once.|a crab went sideways into its pool.
heard: gulls|the hiss of the foam|curlews, long before I saw them""",
    """place: the hay meadow|the wet meadow by the stream
saw: a lark climbed until it was only a sound.|orchids stood between the grasses like small candles.|a burnet moth \
slept on a thistle.|storks walked behind the mower in a row.|spiders had hung a thousand wheels in the dew.|a hare \
ran, stopped, stood up, and ran on.
heard: crickets|the scythe of a neighbour|bees in the clover""",
    """place: the high pass|the scree below the summit
saw: a marmot whistled, and then there were none.|gentians, bluer than the sky, grew beside old snow.|choughs \
played in the wind of the ridge.|an eagle drew one circle and was over the next valley.|a spring came out of the \
rock, cold enough to hurt.|saxifrage held on where nothing else would.
heard: falling stones|the wind|bells of cows, deep down""",
    """place: the back garden|the garden after the rain
saw: a hedgehog ate slugs as if they were sweets.|the blackbird pulled a worm that did not want to come.|bumblebees \
slept in the foxgloves.|a wren carried moss into the watering can.|snails had crossed the path in silver.|the first \
tomatoes had turned from green to orange.
heard: sparrows in the hedge|drops from the gutter|a neighbour's radio""",
    """place: the river bend|the gravel bank of the river
saw: a kingfisher flew by, a blue spark.|salmon stood in the current with open mouths.|a dipper walked under the \
water as if it were air.|beavers had felled a poplar in one night.|mayflies danced and were gone by evening.|an \
otter had left its tracks and a fish's head.
heard: the rapids|a wagtail|pebbles that the water turned""",
    """place: the heath at night|the field road after midnight
saw: bats hunted under the only lamp.|an owl passed without any sound at all.|glow-worms had lit the ditch.|a fox \
trotted along the hedge and knew I was there.|Jupiter stood so bright that it cast a path on the puddle.|moths sat \
on the warm wall.
heard: a nightjar|my own steps|dogs of three villages""",
)))
COMMON = rules("""day: early in {month}, before sunrise|a grey afternoon in {month}|the first warm day of \
{month}|late {month}, with a light wind
month: April|May|June|September|October|March
open: I went to {@place}, {day}.|{day}: two hours at {@place}.|again at {@place}, {day}.
hear: what I heard most were {heard}.|there were sounds too: {heard}, and then nothing.|I closed my eyes and \
listened: {heard}.
end: nothing happened, and it was enough.|I shall come back when the season turns.|on the way home I met \
nobody.|tomorrow I will bring the good binoculars.|counted: too many to count.""")


def note(rng: np.random.Generator, turn: int) -> Text:
    """The note number `turn`."""
    grammar = Grammar(rng, COMMON, PLACES[turn % len(PLACES)])
    opening = grammar.say("{open}")
    title = grammar.say("Notes from {@place}")
    return Text(title, (("p", (opening, *grammar.some("saw", 3))),
                        ("p", (grammar.say("{hear}"), *grammar.some("saw", 2), grammar.say("{end}")))))
