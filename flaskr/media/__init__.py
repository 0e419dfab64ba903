"""How a kind of file is read: the module contract, discovery, sound and pictures."""
