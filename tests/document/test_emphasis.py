"""Emphasis beside Hangul."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from academy.document import emphasis

PLAIN = MarkdownIt("commonmark")
KOREAN = emphasis.install(MarkdownIt("commonmark"))


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("**'내 정보'**에서", "<strong>'내 정보'</strong>에서"),
        ("앞**'말'**은", "앞<strong>'말'</strong>은"),
        ("**말(뜻)**을", "<strong>말(뜻)</strong>을"),
        ("**“말”**이라는", "<strong>“말”</strong>이라는"),
        ("*'말'*은", "<em>'말'</em>은"),
        ("**굵게**는 *기울임*이에요", "<strong>굵게</strong>는 <em>기울임</em>이에요"),
        ("***둘 다***요", "<em><strong>둘 다</strong></em>요"),
        ("가 ** 나 ** 다", "가 ** 나 ** 다"),
        ("**열리기만", "**열리기만"),
        ("닫히기만**", "닫히기만**"),
        ("2 * 3 * 4", "2 * 3 * 4"),
        (r"\*\*'말'\*\*은", "**'말'**은"),
        ("`**'말'**은`", "<code>**'말'**은</code>"),
    ],
)
def test_emphasis_closes_before_a_particle(text: str, html: str) -> None:
    assert KOREAN.renderInline(text) == html


@given(st.text(alphabet="ab .,*'\"()_", max_size=30))
def test_text_without_hangul_is_read_as_commonmark_says(text: str) -> None:
    assert KOREAN.renderInline(text) == PLAIN.renderInline(text)


@given(st.text(alphabet="가나 *'\".()", max_size=40))
def test_no_text_is_lost_or_invented(text: str) -> None:
    rendered = KOREAN.renderInline(text)
    for tag in ("<strong>", "</strong>", "<em>", "</em>"):
        rendered = rendered.replace(tag, "")
    left = rendered.replace("&quot;", '"').replace("*", "")
    assert (
        left.split() == text.replace("*", "").split()
        or left.strip() == text.replace("*", "").strip()
    )
