"""What the person said and did: ratings, plays, the training set."""
