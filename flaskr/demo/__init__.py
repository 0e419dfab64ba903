"""Demo libraries: samples of each kind that everything can be tried with, made on the spot from a seed."""
