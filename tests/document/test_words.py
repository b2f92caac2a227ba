"""The word bridge finds the right words, leaves the others, and never touches the text."""

import html
import re
import unicodedata
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from academy.document.markup import TAG
from academy.document.words import (
    NORTHERN_HOMOGRAPHS,
    SOUTHERN_HOMOGRAPHS,
    Lexicon,
    Word,
)

LEXICON = Lexicon.load()

# Braces mark what is found; a sentence without them holds nothing to find.
SENTENCES = """
{보증금}을 돌려받아요.
{보증금}은 얼마예요?
{보증금}이 올랐어요.
{보증금}이라는 말은 처음 들었어요.
{보증금}까지만 내면 돼요.
{보증금}에서는 빼지 않아요.
{보증금}이에요.
{보증금}입니다.
{보증금}이었어요.
{보증금}으로 냈어요.
보증금를 내요.
보증금가 올랐어요.
보증금로 냈어요.
{월세}를 내는 날이에요.
{월세}예요.
{월세}였습니다.
{월세}라고 해요.
월세을 내요.
{전세}는 큰돈을 맡겨요.
{전세사기}를 조심하세요.
{최저임금}은 해마다 바뀝니다.
최저임금액을 확인하세요.
{임금}과 {월급}은 달라요.
{이자}를 냅니다.
이 자는 누구인가요?
학생이자 일하는 사람이에요.
{이율}이 높아요.
{계좌}로 보내 주세요.
{계좌이체}와 {자동이체}를 골라요.
{계좌}인지 확인하세요.
{계좌}일 때는 번호를 적어요.
계좌번호를 적어요.
결제일을 적어 두세요.
{결제}할 때 조심하세요.
{결제}했어요.
카드로 {결제}하면 돼요.
{결제}되지 않았습니다.
{결제}해주세요.
{결제}하시겠어요?
{연체}되면 {이자}가 붙습니다.
{연체}하지 않도록 해요.
{저장}하고 나가요.
{저장}하세요.
{저장}됐어요.
{저장}한 파일을 열어요.
{저장}시킬 수 있어요.
저장소를 비워요.
{로그인}하세요.
{로그인}이 안 돼요.
{로그아웃}했는지 보세요.
{업데이트}하라는 알림이 와요.
{업데이트}합니다.
{상담}받을 수 있어요.
{상담}을 받아요.
상담사에게 물어요.
{대출}받기 전에 읽어요.
대출한도를 확인해요.
대출금리가 올랐어요.
결제할인을 받아요.
{환불}해 달라고 하세요.
{환불}해달라고 하세요.
{반품}하려면 상자가 있어야 해요.
{송금}하신 뒤에 확인하세요.
{입금}됐다고 문자가 왔어요.
{서명}하기 전에 읽어요.
{서명}했습니다만 아직이에요.
{동의}하지 않아도 됩니다.
{동의}하십니까?
{앱}을 깔아요.
{앱}이란 무엇인가요?
{앱}에서만 돼요.
{앱}으로는 안 돼요.
앱로 해요.
앱을깔아요.
{앱스토어}에서 받아요.
{앱}에 들어가요.
컵라면을 먹어요.
{컵}을 씻어요.
{컵}에 담아요.
무료로 드려요.
무를 썰어요.
돌을 던져요.
곧 와요.
해가 떠요.
올해는 더워요.
{링크}를 누르지 마세요.
링크드인을 봐요.
{2단계 인증}을 켜요.
{2단계인증}을 켜요.
{2단계  인증}이 좋아요.
{2단계 인증}
12단계 인증을 해요.
2단계, 인증을 해요.
{4대 보험}에 들어요.
{4대보험}이에요.
{로맨스 스캠}은 사기예요.
{로맨스스캠}입니다.
{다단계 사기}와 {보이스피싱}을 가려내요.
다단계 판매를 권해요.
{근로계약서}를 두 장 써요.
표준근로계약서를 써요.
계약서를 써요.
계약을 해요.
일자리를 찾아요.
일을 해요.
{자기소개서}와 {이력서}를 내요.
{자소서}를 고쳐요.
{자소서}라도 내 봐요.
{알바}를 구해요.
{아르바이트}해요.
{아르바이트}하며 배워요.
{지하철}도 타요.
{지하철}을 타요.
지하철역에 가요.
{버스}와 {지하철}을 타요.
{버스}나 {열차}로 가요.
{택배}가 왔어요.
택배을 받아요.
{친구}에게서 들었어요.
{친구}들이 왔어요.
{친구}들에게도 말했어요.
{친구}야 같이 가자.
{노인}이나 아이가 타요.
{어르신}께서 오셨어요.
{간호사}님께 물어봐요.
{매니저}님이 말했어요.
{공무원}입니까?
{컴퓨터}를 켜요.
컴퓨터실에 가요.
{컴퓨터}였던 것이에요.
{스마트폰}으로 해요.
{휴대전화}에 와요.
휴대전화번호를 적어요.
{손전화}를 들고 있어요.
{손전화}라고도 불러요.
{돈자리}에 넣어요.
{곽밥}을 싸 가요.
{남새}와 {강냉이}를 샀어요.
{려권}을 챙겨요.
{로임}을 받아요.
{인차} 갈게요.
{꽝포}예요.
{괜찮아요}.
{괜찮습니다}.
{괜찮은} 곳이에요.
{괜찮으면} 말해요.
{괜찮을까요}?
{괜찮다고} 했어요.
{괜찮았는데} 지금은 아니에요.
{괜찮지만} 조금 멀어요.
{일없습니다}.
{힘들어요}.
{힘든} 날이에요.
{힘들} 때 쉬어요.
{힘듭니다}.
{힘드세요}?
{힘들었어요}.
{힘들면} 쉬세요.
{힘드니까} 쉬어요.
힘을 내요.
바빠요.
바쁜 날이에요.
바쁘면 나중에 해요.
바빴습니다.
바쁘지 않아요.
바빠서 못 갔어요.
바빠졌어요.
{가르쳐} 주세요.
{가르쳐주세요}.
{가르치는} 사람이에요.
{가르쳤어요}.
{가르칩니다}.
{도와주세요}.
{도와줘요}.
{도와줄} 사람이 있어요.
{도와주었습니다}.
{도와줬어요}.
도와드릴게요.
{방조했습니다}.
알아보세요.
싸요.
선물을 싸는 종이예요.
싸움을 말려요.
값이 {눅어요}.
눅눅해요.
{수고하셨습니다}!
{죄송합니다}만 늦었어요.
{죄송합니다}라고 말해요.
{생각해 볼게요}.
{생각해볼게요}.
{전화할게요}.
{다음에 밥 한번 먹어요}.
{다음에 밥한번 먹어요}.
밥을 먹어요.
주치의에게 물어요.
봉사를 해요.
{자원봉사}를 해요.
교대 근무를 해요.
소화가 안 돼요.
소화기를 둬요.
소수의 사람이에요.
시장에 가요.
서비스를 써요.
프로그램에 들어가요.
백신을 맞아요.
집합해요.
유산을 받아요.
보관해요.
풀이를 봐요.
모임에 나가요.
생활비가 모자라요.
튀기는 방법이에요.
낙지를 먹어요.
수표를 받아요.
{보증수표}예요.
{라면}을 끓여요.
학생이라면 할 수 있어요.
{원플러스원}이에요.
{누리집}에서 봐요.
{홈페이지}에 있어요.
{계란} 두 개 주세요.
{와이파이}가 느려요.
와이파이이 느려요.
{건강검진}받는 날이에요.
{응급실}에 가요.
{응급실}로 가요.
{처방전}을 받아요.
{여행}하는 사람이에요.
여행지를 골라요.
{여권}이나 {주민등록증}을 보여 줘요.
{링거}를 맞아요.
{수액 주사}를 맞아요.
{이혼}하고 나서예요.
{환승}이세요?
{환승}입니다.
{교통카드}만 있으면 돼요.
{교통카드}뿐이에요.
{교통카드}밖에 없어요.
{체크카드}마다 달라요.
{체크카드}처럼 써요.
{체크카드}보다는 나아요.
{신용카드}조차 없어요.
{신용카드}부터요.
{신용카드}의 한도예요.
{신용카드}하고 {체크카드}예요.
{신용카드}랑 달라요.
{신용카드}이고 {체크카드}가 아니에요.
{신용카드}고 뭐고 없어요.
{신용카드}지만 달라요.
{신용카드}란 무엇인가요?
{신용카드}네요.
{펀드}이자 {적금}이에요.
{적금}이랑 {펀드}예요.
{적금}과 달라요.
적금와 달라요.
{적금}인데요.
{적금}인가요?
{적금}일까요?
{적금}이죠.
{적금}이니까요.
{적금}이지만 {괜찮지} 않다.
비보증금을 내요.
SNS앱을 써요.
{빠다}를 발라요.
모임에서 빠지면 안 돼요.
물이 빠져요.
{버터}나 {잼}을 발라요.
{임금} 체불은 신고해요.
{임금}을 못 받았어요.
상담원이 받아요.
이율표를 봐요.
{계좌}로요?
{로그아웃}되니 다시 들어가요.
{이력서}에서도 봐요.
{괜찮으셨어요}?
{일없다는} 말이에요.
{도와주었는가} 보세요.
'{보증금}'처럼 따옴표 안의 {월세}도 찾아요.
({보증금}), "{전세}"
{보증금}, {월세}.
매니저실로 오세요.
상담실에서 만나요.
동의서를 써요.
{동의}를 구해요.
여행사에 물어요.
서버실이 있어요.
버스정류장에서 만나요.
{아내}와 {남편}이에요.
""".strip().splitlines()


def _marked(text: str) -> str:
    pieces, end = [], 0
    for found in LEXICON.find(text):
        pieces += [text[end : found.start], "{", text[found.start : found.end], "}"]
        end = found.end
    return "".join([*pieces, text[end:]])


@pytest.mark.parametrize("sentence", SENTENCES)
def test_exactly_the_marked_words_are_found(sentence: str) -> None:
    assert _marked(re.sub("[{}]", "", sentence)) == sentence


@pytest.mark.parametrize("sentence", SENTENCES[::7])
def test_words_are_found_in_decomposed_text_and_cut_where_they_stand(sentence: str) -> None:
    decomposed = unicodedata.normalize("NFD", sentence)
    assert _marked(re.sub("[{}]", "", decomposed)) == decomposed


def test_every_form_that_is_certain_is_found_alone() -> None:
    missed = [
        form
        for word in LEXICON.words
        for forms, homographs in (
            (word.souths, SOUTHERN_HOMOGRAPHS),
            (word.norths, NORTHERN_HOMOGRAPHS),
        )
        for form in forms
        if form not in homographs and [f[:2] for f in LEXICON.find(form)] != [(0, len(form))]
    ]
    assert missed == []


@pytest.mark.parametrize(
    ("homographs", "side"), [(SOUTHERN_HOMOGRAPHS, "souths"), (NORTHERN_HOMOGRAPHS, "norths")]
)
def test_every_homograph_is_a_form_of_its_side_and_has_a_reason(
    homographs: dict[str, str], side: str
) -> None:
    forms = {form for word in LEXICON.words for form in getattr(word, side)}
    assert homographs.keys() <= forms
    assert all(homographs.values())


def test_a_form_of_two_words_is_not_found_but_both_are_looked_up() -> None:
    lexicon = Lexicon(
        [
            Word(id="a", south="다리", meaning="몸의 다리"),
            Word(id="b", south="다리", meaning="물 위의 다리"),
        ]
    )
    assert lexicon.find("다리를") == ()
    assert [word.id for word in lexicon.by_form("다리")] == ["a", "b"]


def test_a_form_of_both_sides_is_read_as_the_southern_word() -> None:
    lexicon = Lexicon(
        [
            Word(id="a", south="가", north="나무", meaning="하나"),
            Word(id="b", south="나무", meaning="둘"),
        ]
    )
    assert [found.id for found in lexicon.find("나무를")] == ["b"]


def test_an_id_used_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="twice"):
        Lexicon([Word(id="a", south="가", meaning="하나"), Word(id="a", south="나", meaning="둘")])


def test_a_northern_word_leads_to_its_southern_forms_however_it_is_written() -> None:
    for text in ("닭알", unicodedata.normalize("NFD", "닭알"), " 닭 알 "):
        assert [word.souths for word in LEXICON.by_form(text)] == [("달걀", "계란")]
    assert LEXICON.by_form("없는말") == ()


def test_looking_up_an_unknown_id_says_so() -> None:
    assert LEXICON.lookup("w096").south == "보증금"
    with pytest.raises(KeyError):
        LEXICON.lookup("w000")


def test_ids_stay_with_their_words() -> None:
    pinned = {
        "w001": "도시락",
        "w096": "보증금",
        "w291": "로그인",
        "w475": "괜찮다",
        "w515": "에이에스",
    }
    assert {id_: LEXICON.lookup(id_).south for id_ in pinned} == pinned


def test_forms_of_the_lexicon_hold_nothing_but_words() -> None:
    odd = [
        form
        for word in LEXICON.words
        for form in (*word.souths, *word.norths)
        if not re.fullmatch(r"[0-9가-힣]+(?: [0-9가-힣]+)*", form)
    ]
    assert odd == []
    assert all(word.meaning and word.english and word.domain for word in LEXICON.words)


def test_the_particle_stays_outside_the_link() -> None:
    linked, found = LEXICON.link("<p>보증금을 내요.</p>")
    assert linked == '<p><a class="w" href="#w-w096" data-w="w096">보증금</a>을 내요.</p>'
    assert list(found) == ["w096"]


def test_a_particle_behind_a_closing_tag_belongs_to_the_word() -> None:
    assert list(LEXICON.link("<p><strong>보증금</strong>을</p>")[1]) == ["w096"]
    assert list(LEXICON.link("<p><strong>보증금</strong>를</p>")[1]) == []
    assert list(LEXICON.link("<p><strong>계좌</strong>번호</p>")[1]) == []


def test_a_word_that_crosses_a_tag_is_left_alone() -> None:
    assert LEXICON.link("<p><strong>보증</strong>금을</p>")[1] == {}


def test_only_the_first_occurrence_is_linked_and_none_that_is_already_known() -> None:
    linked, _ = LEXICON.link("<p>보증금, 보증금, 월세</p>", without={"w097"})
    assert linked.count("<a ") == 1


@pytest.mark.parametrize("tag", ["a", "code", "pre", "h2", "h3", "button", "label", "option", "dt"])
def test_nothing_is_linked_inside(tag: str) -> None:
    linked, _ = LEXICON.link(f"<{tag}>보증금</{tag}><p>보증금</p>")
    assert linked.startswith(f"<{tag}>보증금</{tag}><p><a ")


def test_a_paragraph_ends_a_word() -> None:
    assert list(LEXICON.link("<p>계좌</p><p>번호</p>")[1]) == ["w136"]


def test_entities_are_not_letters() -> None:
    linked, found = LEXICON.link("<p>&lt;보증금&gt;&nbsp;&amp;</p>")
    assert list(found) == ["w096"]
    assert html.unescape(TAG.sub("", linked)) == "<보증금>\xa0&"


_FORMS = sorted({form for word in LEXICON.words for form in (*word.souths, *word.norths)})
_WORDS = st.builds(
    "{}{}".format,
    st.sampled_from(_FORMS),
    st.sampled_from(["", "을", "를", "이", "에서는", "했어요", "이라도", "번호", " ", "\n"]),
)
_TEXT = st.one_of(
    _WORDS, st.text(max_size=12), _WORDS.map(lambda t: unicodedata.normalize("NFD", t))
)
_MARKUP = st.recursive(
    _TEXT.map(html.escape),
    lambda inner: st.builds(
        lambda tag, parts: f"<{tag}>{''.join(parts)}</{tag}>",
        st.sampled_from(["p", "strong", "em", "code", "h2", "li", "td", "div"]),
        st.lists(inner, max_size=4),
    ),
    max_leaves=12,
)


@given(st.lists(_TEXT, max_size=8).map("".join))
def test_finding_takes_any_text_and_finds_slices_in_order(text: str) -> None:
    end = 0
    for found in LEXICON.find(text):
        assert end <= found.start < found.end <= len(text)
        end = found.end


@given(st.text(max_size=60))
def test_linking_takes_anything(text: str) -> None:
    LEXICON.link(text)
    LEXICON.by_form(text)


@given(_MARKUP)
def test_linking_adds_links_and_changes_nothing_else(markup: str) -> None:
    linked, found = LEXICON.link(markup)
    bare = re.sub(
        r'<a class="w" href="#w-(\w+)" data-w="\1">(.*?)</a>', r"\2", linked, flags=re.DOTALL
    )
    assert bare == markup
    assert linked.count("<a ") == len(found)


@given(_MARKUP)
def test_linking_twice_is_linking_once(markup: str) -> None:
    linked, _ = LEXICON.link(markup)
    assert LEXICON.link(linked) == (linked, {})


class _Nesting(HTMLParser):
    depth = deepest = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002  the parser's signature
        self.depth += tag == "a"
        self.deepest = max(self.deepest, self.depth)

    def handle_endtag(self, tag: str) -> None:
        self.depth -= tag == "a"


@given(st.lists(_MARKUP, max_size=3))
def test_no_link_stands_inside_a_link(parts: list[str]) -> None:
    linked, _ = LEXICON.link(
        f"<p>{''.join(parts)}<a href='#x'>보증금 {''.join(parts)}</a></p>".replace("'", '"')
    )
    nesting = _Nesting()
    nesting.feed(linked)
    assert nesting.deepest == 1
