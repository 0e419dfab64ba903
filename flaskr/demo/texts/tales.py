"""Tiny stories: somebody wants something, something stands in the way, and it ends otherwise than expected."""

import numpy as np

from flaskr.demo.texts.grammar import Grammar, Text, rules

TALES = tuple(map(rules, (
    """title: The lighthouse keeper's letter|A letter by the tide
who: {@name}, who kept the last lighthouse
want: to answer a letter that had come in a bottle forty years too late
try: {she} wrote all night, by the turning light.|{she} asked the fishermen, who shook their heads.|the ink froze \
and had to be warmed under the coat.
turn: then a boat landed, and an old woman asked whether her bottle had ever been found.
end: They read both letters aloud and fed them to the stove, because now they could talk.""",
    """title: The clock that ran backwards|{@name} and the clock
who: {@name}, the watchmaker's apprentice
want: to mend the clock of the town hall, which ran backwards
try: {she} took out every wheel and put it back.|the mayor came twice a day to sigh.|at noon it struck one, and \
children went home from school too early.
turn: on the fifth day {she} noticed that people had begun to forgive each other things of last year.
end: {She} oiled it well and left it as it was.""",
    """title: The dragon in the library|A quiet dragon
who: {@name}, who was eight and read everything
want: the one book on the top shelf, behind which a dragon slept
try: {she} built a stair of dictionaries.|a page fell and the dragon opened one eye.|{she} offered it a sandwich, \
which it smelled and did not eat.
turn: the dragon only wanted to know how the story ended, because somebody had torn out the last page.
end: So {she} made one up, and it purred so that the lamps swung.""",
    """title: The train that waited|The last train to Ulmen
who: {@name}, a guard on the night train
want: to leave on time, for once
try: the driver had a cold and sneezed at every signal.|a goat stood on the track and would not be argued \
with.|someone pulled the brake and then blamed the moon.
turn: because they were late, they met the doctor on the platform just when a child was born in carriage three.
end: The timetable was changed, and the child was given a name and a ticket for life.""",
    """title: The map of the cellar|Down the cellar stairs
who: {@name}, who had inherited a house
want: to draw a map of the cellar, which had one room more each time
try: {she} counted eleven doors on Monday and thirteen on Tuesday.|the thread {she} had unrolled came back from the \
other side.|behind one door it smelled of the sea.
turn: in the last room sat somebody who was drawing a map of the attic.
end: They changed maps, and each went home by the other's stairs.""",
    """title: The robot who planted trees|Unit nine
who: Unit Nine, a robot nobody had switched off
want: to go on planting trees, as it had been told a hundred years before
try: there were no more saplings, so it learned to wait for acorns.|a wheel rusted, and it learned to hop.|foxes \
moved into its spare battery case.
turn: one morning it met a child at the edge of the forest, which had no edge the day before.
end: "Who made all this?" asked the child, and the robot looked up its answer, and found no word for it.""",
    """title: The baker's bet|Bread before dawn
who: {@name}, the youngest baker in the valley
want: to win a bet that {she} could bake a loaf that made the judge weep
try: {she} used onions, which was forbidden.|{she} used the best butter, which was only good.|{she} burned three, \
and gave them to the ducks.
turn: then {she} baked the plain bread of the judge's village, which had been drowned under the new lake.
end: The judge ate the heel, which nobody else wants, and said nothing for a long time.""",
    """title: The thief of umbrellas|Rain over Varna Street
who: {@name}, inspector, and tired of rain
want: to find who had taken every umbrella in Varna Street
try: {she} followed wet footprints that ended at a wall.|the suspects all had coughs and good reasons.|in the \
pawnshop hung one umbrella, and it was the inspector's own.
turn: on the roof stood a heron's nest as large as a cart, built of black silk and wire.
end: {She} wrote "solved" into the file, and bought a hat.""",
)))
PEOPLE = {"she": "Mira|Odile|Halina|Junia|Wren|Ottilie", "he": "Anselm|Teodor|Bram|Corvin|Jasper|Emil", "it": ""}
COMMON = rules("""once: There was once {who}.|You will not have heard of {who}.|This is about {who}.
wish: All {she} wanted was {want}.|One autumn it had to be done: {she} wanted {want}.|The wish was simple: {want}.
long: It took a year and a day.|Nobody helped.|Weeks went by.|It was harder than it sounds.
but: But it came differently:|And one night, in a storm, it was decided:""")


def tale(rng: np.random.Generator, turn: int) -> Text:
    """The story number `turn`."""
    theme = TALES[turn % len(TALES)]
    she = "it" if "{@name}" not in theme["who"] else ("she", "he")[int(rng.integers(2))]
    grammar = Grammar(rng, COMMON, theme, {"she": she, "She": she, "name": PEOPLE[she]})
    opening = grammar.say("{once} {wish}")
    return Text(grammar.say("{title}"), (
        ("p", (opening,)), ("p", (*grammar.some("try", 3), grammar.say("{long}"))),
        ("p", (grammar.say("{but} {turn}"),)), ("p", (grammar.say("{end}"),))))
