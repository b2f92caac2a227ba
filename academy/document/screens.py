"""Which blocks stand together on one screen of the player."""

from collections.abc import Iterable, Iterator

from academy.document import lines, model


def screens(blocks: Iterable[model.AnyBlock]) -> Iterator[tuple[model.AnyBlock, ...]]:
    """The blocks, screen by screen: one idea each.

    A text that begins with `## ` and a question each begin a screen, and so does whatever follows a
    question. Pictures, callouts and the like that open a screen lead in what follows: the next
    heading or question joins them.
    """
    screen: list[model.AnyBlock] = []
    for block in blocks:
        begins = model.is_question(block) or has_heading(block)
        leads_in = not any(isinstance(other, model.Text | model.Question) for other in screen)
        answered = bool(screen) and model.is_question(screen[-1])
        if screen and (answered or (begins and not leads_in)):
            yield tuple(screen)
            screen = []
        screen.append(block)
    if screen:
        yield tuple(screen)


def has_heading(block: model.AnyBlock) -> bool:
    """Whether the block is a text that begins with a heading."""
    return isinstance(block, model.Text) and lines.is_screen(block.markdown.partition("\n")[0])
