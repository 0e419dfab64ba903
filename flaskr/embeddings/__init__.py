"""Item -> embedding: the store, the embed step, nearest neighbours."""
