"""Answers to any question, put into the page's own form."""

from collections import deque
from collections.abc import Sequence

from academy.document import markup, model
from tests.builders.pages import Form


def words(markdown: str) -> str:
    """An option as a list shows it."""
    return markup.plain(markup.inline(markdown, None))


def fill_right(form: Form, question: model.AnyQuestion) -> None:
    """Give the right answer."""
    match question:
        case model.Choice() | model.Choices() | model.TrueFalse():
            form.choose("answer", *(option.key for option in question.options if option.right))
        case model.ShortText():
            form.type("answer", question.accepted[0])
        case model.Number():
            form.type("answer", f"{question.value}{question.unit}")
        case model.Order():
            for place, item in enumerate(question.items, 1):
                form.select(f"place-{item.key}", str(place))
        case model.Match():
            for pair in question.pairs:
                form.select(f"pair-{pair.key}", words(pair.right))
        case model.Sort():
            for group in question.groups:
                for item in group.items:
                    form.choose(f"group-{item.key}", group.key)
        case model.Blanks():
            for index, accepted in enumerate(question.accepted):
                _fill_blank(form, question, index, accepted[0])
        case model.Reflection():
            form.type("answer", "나만 보는 글이에요.\n둘째 줄")
        case _:
            raise AssertionError(question.kind)


def fill_wrong(form: Form, question: model.AnyQuestion) -> None:
    """Give a whole answer with nothing right in it, where the kind allows that."""
    match question:
        case model.Choice() | model.Choices() | model.TrueFalse():
            wrong = next(option.key for option in question.options if not option.right)
            form.choose("answer", wrong)
        case model.ShortText():
            form.type("answer", "코끼리와 기린")
        case model.Number():
            form.type("answer", str(question.value + question.tolerance + 12345))
        case model.Order():
            for place, item in enumerate((*question.items[1:], question.items[0]), 1):
                form.select(f"place-{item.key}", str(place))
        case model.Match():
            rights = [pair.right for pair in question.pairs]
            for pair, right in zip(question.pairs, [*rights[1:], rights[0]], strict=True):
                form.select(f"pair-{pair.key}", words(right))
        case model.Sort():
            keys = [group.key for group in question.groups]
            for index, group in enumerate(question.groups):
                for item in group.items:
                    form.choose(f"group-{item.key}", keys[(index + 1) % len(keys)])
        case model.Blanks():
            for index, accepted in enumerate(question.accepted):
                wrong = next((word for word in question.bank if word not in accepted), "코끼리")
                _fill_blank(form, question, index, wrong)
        case _:
            raise AssertionError(question.kind)


def fill_half(form: Form, question: model.AnyQuestion) -> bool:
    """Begin the answer without ending it; False where the kind knows no half."""
    match question:
        case model.Order():
            form.select(f"place-{question.items[-1].key}", "1")
        case model.Match():
            pair = question.pairs[-1]
            form.select(f"pair-{pair.key}", words(pair.right))
        case model.Sort():
            group = question.groups[-1]
            form.choose(f"group-{group.items[-1].key}", group.key)
        case model.Blanks() if len(question.accepted) > 1:
            last = len(question.accepted) - 1
            _fill_blank(form, question, last, question.accepted[last][0])
        case _:
            return False
    return True


def _fill_blank(form: Form, question: model.Blanks, index: int, word: str) -> None:
    if question.bank:
        form.select(f"blank-{index}", word)
    else:
        form.type(f"blank-{index}", word)


def way_to(talk: model.Scenario, ends: Sequence[str]) -> list[str] | None:
    """The shortest chain of replies (by the node each leads to) to one of these ends."""
    nodes = {node.key: node for node in talk.nodes}
    waiting = deque([(talk.start, list[str]())])
    seen = {talk.start}
    while waiting:
        key, way = waiting.popleft()
        if nodes[key].end in ends:
            return way
        for reply in nodes[key].replies:
            if reply.to not in seen:
                seen.add(reply.to)
                waiting.append((reply.to, [*way, reply.to]))
    return None
