"""Many people's ratings to an order for each of them: models, ensemble and evaluation, on arrays only."""
