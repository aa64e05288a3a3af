"""Made cells: each line a paragraph, and lists of such."""

from scopegate.sources.grid import Block, Item, ItemList, Paragraph


def make_paragraphs(*lines: str) -> tuple[Block, ...]:
    return tuple(Paragraph((line,)) for line in lines)


def make_list(*items: tuple[Block, ...]) -> ItemList:
    return ItemList(tuple(map(Item, items)))
