"""What a page shows: filter, order, search, cut, and why; the read side."""
