"""Pages only texts have."""


def add(pages) -> None:
    pass
