"""File on disk -> item: the one door to the disk, walking, fingerprints, scanning."""
