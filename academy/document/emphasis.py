"""Bold and italic beside Hangul.

CommonMark (section 6.2, left- and right-flanking runs) expects a space after a closing `**` that follows a quotation mark. Korean
joins its particles without one: `**'내 정보'**에서` would show its asterisks. Here a run of asterisks with Hangul on its outer side
may open or close whatever punctuation stands on its inner side.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_inline import StateInline


def _is_hangul(char: str) -> bool:
    return "가" <= char <= "힣" or "ᄀ" <= char <= "ᇿ" or "㄰" <= char <= "㆏"


def _tokenize(state: "StateInline", silent: bool) -> bool:  # noqa: FBT001  the parser's own signature
    from markdown_it.rules_inline.state_inline import Delimiter  # noqa: PLC0415  only publishing parses

    start = state.pos
    if silent or state.src[start] != "*":
        return False
    run = state.scanDelims(start, True)  # noqa: FBT003  the parser's own signature
    before = state.src[start - 1] if start else " "
    after_at = start + run.length
    after = state.src[after_at] if after_at < len(state.src) else " "
    opens = run.can_open or (_is_hangul(before) and not after.isspace())
    closes = run.can_close or (_is_hangul(after) and not before.isspace())
    for _ in range(run.length):
        token = state.push("text", "", 0)
        token.content = "*"
        state.delimiters.append(
            Delimiter(
                marker=ord("*"),
                length=run.length,
                token=len(state.tokens) - 1,
                end=-1,
                open=opens,
                close=closes,
            )
        )
    state.pos += run.length
    return True


def install(parser: "MarkdownIt") -> "MarkdownIt":
    """Teach a parser of Markdown how emphasis stands beside Hangul."""
    parser.inline.ruler.before("emphasis", "korean_emphasis", _tokenize)
    return parser
