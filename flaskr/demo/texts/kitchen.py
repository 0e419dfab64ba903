"""Recipes: simple dishes, each with its own shopping list and its own steps."""

import numpy as np

from flaskr.demo.texts.grammar import Grammar, Text, rules

DISHES = tuple(map(rules, (
    """dish: tomato soup|red soup
need: 1 kg of ripe tomatoes|2 onions|3 cloves of garlic|half a litre of stock|a handful of basil|4 spoons of olive \
oil|a pinch of sugar
step: Cut the onions small and cook them softly in the oil for ten minutes.|Add the garlic and stir until it smells \
sweet.|Put in the tomatoes, cut in quarters, and the stock.|Simmer for half an hour with the lid on.|Blend until it \
is smooth, and pass it through a sieve if you like.|Season with salt, pepper and basil.
good: with toasted bread|with a spoon of cream|cold, on a hot day""",
    """dish: country bread|slow bread
need: 500 g of flour|350 ml of water|10 g of salt|a little yeast|a spoon of honey|a handful of sunflower seeds
step: Mix flour, water and yeast in a bowl and wait half an hour.|Add the salt and knead the dough until it is \
smooth.|Let it rise for three hours; fold it each hour.|Shape a ball, dust it with flour and let it rest.|Heat the \
oven to 240 degrees with a pot inside.|Bake it in the hot pot, covered for thirty minutes and open for fifteen.
good: still warm, with butter|the next day, when it cuts best|toasted, with jam""",
    """dish: potato salad|warm potato salad
need: 1 kg of firm potatoes|1 red onion|a bunch of chives|4 pickled cucumbers|3 spoons of vinegar|2 spoons of \
mustard|a cup of hot stock
step: Boil the potatoes in their skins until a knife slides in.|Peel them warm and cut them in slices.|Pour the hot \
stock over them and let them drink it.|Whisk mustard, vinegar and oil to a dressing.|Fold in onion and cucumbers \
with care.|Leave it for an hour, then add the chives.
good: at a picnic|beside grilled vegetables|a day later""",
    """dish: apple cake|grandmother's apple cake
need: 5 sour apples|200 g of flour|150 g of butter|120 g of sugar|3 eggs|2 spoons of baking powder|cinnamon and \
lemon peel
step: Beat butter and sugar until they are pale and light.|Stir in the eggs one by one.|Fold in flour and baking \
powder.|Spread the batter in a round tin.|Press the apple slices into it like a fan.|Dust with cinnamon and bake \
for forty minutes at 180 degrees.
good: with whipped cream|with a pot of tea|lukewarm from the tin""",
    """dish: lentil stew|brown lentils
need: 250 g of lentils|2 carrots|1 leek|a piece of celery|a bay leaf|2 spoons of tomato paste|a splash of vinegar
step: Wash the lentils and let them drip.|Fry carrots, leek and celery until they take colour.|Stir in the tomato \
paste and roast it for a minute.|Add lentils, bay leaf and water, twice as high.|Cook gently for forty minutes and \
do not salt too early.|At the end add the vinegar, which wakes it all up.
good: with dark bread|with a fried egg on top|on a rainy evening""",
    """dish: thin pancakes|Sunday pancakes
need: 250 g of flour|half a litre of milk|3 eggs|a pinch of salt|butter for the pan|jam or sugar
step: Whisk eggs and milk, then rain in the flour.|Let the batter rest for half an hour.|Heat a little butter until \
it stops foaming.|Pour in a thin layer and tilt the pan.|Turn it when the edge is brown and lifts.|Keep them warm \
under a plate while you bake the rest.
good: rolled up with jam|with lemon and sugar|with spinach and cheese""",
    """dish: mushroom risotto|risotto from the forest
need: 300 g of risotto rice|400 g of mushrooms|1 shallot|a glass of white wine|a litre of hot stock|50 g of \
butter|hard cheese, grated
step: Brown the mushrooms in a dry, hot pan and set them aside.|Soften the shallot in half of the butter.|Add the \
rice and stir until it is glassy.|Pour in the wine and let it vanish.|Add the stock ladle by ladle and keep \
stirring.|Take it off the fire, stir in butter, cheese and mushrooms.
good: at once, while it still flows|with parsley|with a green salad""",
    """dish: berry jam|jam of four berries
need: 1 kg of mixed berries|700 g of sugar|the juice of 2 lemons|a vanilla pod|clean jars with lids
step: Sort the berries and rinse them quickly.|Mix them with the sugar and leave them overnight.|Bring them to the \
boil with lemon and vanilla.|Skim off the foam and stir to the ground.|Test a drop on a cold plate: it should \
wrinkle.|Fill the jars to the rim and turn them over.
good: on fresh bread|in plain yoghurt|as a present""",
)))
COMMON = rules("""open: {@dish} needs little time and no skill.|when guests come without a word, I make \
{@dish}.|every kitchen should know {@dish}.|this is how my {aunt} makes {@dish}.
aunt: aunt|neighbour|grandfather|friend from the coast
wait: most of the time the pot works alone.|do not hurry it.|read it all before you begin.|it feeds four hungry \
people.
end: It tastes best {good}.|Serve it {good}.|We eat it {good}.
tip: what is left keeps for two days in the fridge.|use what the market has; the rest of the recipe forgives \
it.|taste, and taste again.|double it and freeze one half.""")


def recipe(rng: np.random.Generator, turn: int) -> Text:
    """The recipe number `turn`."""
    grammar = Grammar(rng, COMMON, DISHES[turn % len(DISHES)])
    title = grammar.say("{@dish}")
    return Text(title, (
        ("p", (grammar.say("{open} {wait}"),)), ("h", ("You need",)), ("list", grammar.some("need", 9)),
        ("h", ("What to do",)), ("steps", grammar.some("step", 6)), ("p", (grammar.say("{end} {tip}"),))))
