"""Word documents: headings become lessons, and what a lesson cannot hold is told by name."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from academy.document import model as m
from academy.formats import registry
from academy.formats.facts import Imported, LossCode, Reason, Refused
from tests.formats.documents import W, docx, p, packed, picture, png, relation, run


def read(body: str, **more: object) -> Imported:
    return registry.read("일터.docx", docx(body, **more))  # type: ignore[arg-type]


def texts(made: Imported) -> list[str]:
    return [
        block.markdown
        for lesson in made.course.lessons()
        for block in lesson.blocks
        if isinstance(block, m.Text)
    ]


def lost(made: Imported) -> list[tuple[LossCode, dict[str, str | int]]]:
    return [(one.code, dict(one.facts)) for one in made.losses]


def test_headings_become_lessons_and_smaller_ones_screens() -> None:
    made = read(
        p("일터의 약속", style="a3") + p("계약서", style="1") + p("두 장을 써요.")
        + p("누가 쓰나요", style="2") + p("둘이 써요.") + p("임금", style="mine") + p("달마다 받아요.")
    )  # fmt: skip
    assert made.course.title == "일터의 약속"
    assert [lesson.title for lesson in made.course.lessons()] == ["계약서", "임금"]
    assert texts(made) == ["두 장을 써요.", "## 누가 쓰나요\n\n둘이 써요.", "달마다 받아요."]
    assert not made.losses


def test_lists_keep_their_levels_and_their_marks() -> None:
    body = p("하나", number=0) + p("안", number=1) + p("또 안", number=1) + p("둘", number=0)
    assert texts(read(p("먼저") + body + p("다음"))) == [
        "먼저\n\n- 하나\n    1. 안\n    2. 또 안\n- 둘\n\n다음"
    ]


def test_bold_italic_struck_words_and_links_are_kept() -> None:
    body = (
        f"<w:p>{run('계약서는 ')}{run('두 장', '<w:b/>')}{run('을 ')}{run('꼭', '<w:i/>')} "
        f"{run('한 장', '<w:strike/>')}<w:hyperlink r:id='h'>{run('여기')}</w:hyperlink></w:p>"
    )
    made = read(body, relations=relation("h", "hyperlink", "https://example.org/a b", outside=True))
    assert texts(made) == ["계약서는 **두 장**을 *꼭*~~한 장~~[여기](https://example.org/a%20b)"]


def test_signs_of_markdown_in_a_text_stay_signs() -> None:
    assert texts(read(p("1. 값은 *별* # 아님") + p("- 줄표") + p("# 우물"))) == [
        "1\\. 값은 \\*별\\* # 아님\n\n\\- 줄표\n\n\\# 우물"
    ]


def test_a_table_becomes_a_table() -> None:
    cell = "<w:tc>{}</w:tc>"
    rows = [["말", "뜻"], ["임금", "일한 값"]]
    xml = "".join("<w:tr>" + "".join(cell.format(p(c)) for c in row) + "</w:tr>" for row in rows)
    made = read(f"<w:tbl>{xml}</w:tbl>")
    ((table,),) = [lesson.blocks for lesson in made.course.lessons()]
    assert isinstance(table, m.Table)
    assert (table.header, table.rows) == (("말", "뜻"), (("임금", "일한 값"),))


def test_merged_and_nested_cells_are_told() -> None:
    inner = f"<w:tbl><w:tr><w:tc>{p('안')}</w:tc></w:tr></w:tbl>"
    body = (
        '<w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val="2"/></w:tcPr>' + p("둘을 합친 칸")
        + f"</w:tc></w:tr><w:tr><w:tc>{p('하나')}</w:tc><w:tc>{p('둘')}{inner}</w:tc></w:tr></w:tbl>"
    )  # fmt: skip
    made = read(body)
    (table,) = made.course.lessons()[0].blocks
    assert isinstance(table, m.Table)
    assert (table.header, table.rows) == (("둘을 합친 칸", ""), (("하나", "둘 안"),))
    assert {code for code, _ in lost(made)} == {LossCode.TABLE_MERGED, LossCode.TABLE_NESTED}


def test_a_picture_comes_with_its_alternative_text() -> None:
    made = read(
        p("보세요.") + picture("i", "빨간 점"),
        relations=relation("i", "image", "media/point.png"),
        more={"word/media/point.png": png()},
    )
    _, figure = made.course.lessons()[0].blocks
    assert isinstance(figure, m.Figure)
    assert (figure.alt, made.media[figure.src]) == ("빨간 점", png())


@pytest.mark.parametrize(
    ("relations", "more", "code"),
    [
        (relation("i", "image", "https://evil.example/a.png", outside=True), {}, LossCode.PICTURE_OUTSIDE),
        (relation("i", "image", "media/a.png"), {}, LossCode.PICTURE_MISSING),
        (relation("i", "image", "media/a.emf"), {"word/media/a.emf": b"EMF"}, LossCode.PICTURE_TYPE),
        (relation("i", "image", "../../etc/a.png"), {}, LossCode.PICTURE_MISSING),
    ],
)  # fmt: skip
def test_a_picture_that_cannot_come_is_told(
    relations: str, more: dict[str, bytes], code: LossCode
) -> None:
    made = read(p("보세요.") + picture("i"), relations=relations, more=more)
    assert [found for found, _ in lost(made)] == [code]


def test_what_a_lesson_has_no_place_for_is_told_by_name() -> None:
    inserted = run("넣은 글", "<w:u w:val='single'/>")
    body = (
        p("차례 1", style="toc") + p("본문")
        + f"<w:p><w:del><w:r><w:delText>지운 글</w:delText></w:r></w:del><w:ins>{inserted}</w:ins>"
        + "<m:oMath><m:r><m:t>x=1</m:t></m:r></m:oMath><w:r><w:drawing><w:txbxContent>"
        + p("상자 글") + "</w:txbxContent></w:drawing></w:r></w:p>"
    )  # fmt: skip
    note = "<w:footnotes xmlns:w='{}'><w:footnote>{}</w:footnote></w:footnotes>"
    made = read(
        body,
        relations=relation("f", "footnotes", "footnotes.xml"),
        more={"word/footnotes.xml": note.format(W, p("각주 글"))},
    )
    assert texts(made) == ["본문\n\n넣은 글"]
    assert lost(made) == [
        (LossCode.CONTENTS, {}),
        (LossCode.DELETED, {"text": "지운 글"}),
        (LossCode.OBJECT, {"name": "equation x=1"}),
        (LossCode.NOTE, {"name": "textbox", "text": "상자 글"}),
        (LossCode.NOTE, {"name": "footnotes", "text": "각주 글"}),
        (LossCode.STYLE, {"name": "u", "count": 1}),
    ]


def reason(name: str, data: bytes) -> Reason:
    with pytest.raises(Refused) as caught:
        registry.read(name, data)
    return caught.value.reason


def test_documents_with_macros_are_refused() -> None:
    assert reason("a.docx", docx(p("글"), more={"word/vbaProject.bin": b"x"})) is Reason.MACROS
    assert reason("a.docm", docx(p("글"))) is Reason.MACROS


def test_what_is_no_document_is_refused() -> None:
    assert reason("a.docx", packed({"a.txt": "글"})) is Reason.NOT_THIS
    assert reason("a.docx", b"PK\x03\x04") is Reason.ARCHIVE_BROKEN
    assert reason("a.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1") is Reason.ARCHIVE_LOCKED


_TAGS = [
    "w:p",
    "w:r",
    "w:t",
    "w:tbl",
    "w:tr",
    "w:tc",
    "w:sdt",
    "w:ins",
    "w:pPr",
    "w:drawing",
    "m:oMath",
]


@st.composite
def _xml(draw: st.DrawFn, depth: int = 0) -> str:
    tag = draw(st.sampled_from(_TAGS))
    inner = draw(st.sampled_from(["", "글", "*"])) if depth > 3 else "".join(
        draw(st.lists(_xml(depth + 1), max_size=3))
    )  # fmt: skip
    return f"<{tag}>{inner}</{tag}>"


@settings(max_examples=60)
@given(_xml())
def test_parts_in_any_place_are_read_or_refused(body: str) -> None:
    try:
        assert read(body).files()
    except Refused:
        return


@settings(max_examples=60)
@given(st.data())
def test_a_damaged_document_is_read_or_refused(data: st.DataObject) -> None:
    good = docx(p("제목", style="1") + p("글"))
    at = data.draw(st.integers(0, len(good) - 1))
    damaged = (
        good[:at] + data.draw(st.binary(max_size=4)) + good[at + data.draw(st.integers(0, 3)) :]
    )
    try:
        assert registry.read("a.docx", damaged).files()
    except Refused:
        return
