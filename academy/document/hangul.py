"""Hangul as grading and search need it: jamo, initial consonants, and one form for all spellings.

`plain` removes what is never part of an answer (spaces, quotes, width, case); `fold` also makes the
northern and the southern spelling one. Folding is by word lists, not by general rules: ㄹ→ㄴ at the
start of every word would make 로비 a 노비, and dropping every ㅅ before a consonant would make
옷감 an 오감. The result of `fold` is for comparing; it is not a spelling to show.
"""

import re
import unicodedata
from collections.abc import Iterable
from itertools import pairwise

INITIALS = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
VOWELS = "ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ"
# The first stands for no final consonant.
FINALS = " ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ"

_CLUSTERS = {
    "ㄳ": "ㄱㅅ", "ㄵ": "ㄴㅈ", "ㄶ": "ㄴㅎ", "ㄺ": "ㄹㄱ", "ㄻ": "ㄹㅁ", "ㄼ": "ㄹㅂ",
    "ㄽ": "ㄹㅅ", "ㄾ": "ㄹㅌ", "ㄿ": "ㄹㅍ", "ㅀ": "ㄹㅎ", "ㅄ": "ㅂㅅ",
}  # fmt: skip
_DIPHTHONGS = {
    "ㅘ": "ㅗㅏ", "ㅙ": "ㅗㅐ", "ㅚ": "ㅗㅣ", "ㅝ": "ㅜㅓ", "ㅞ": "ㅜㅔ", "ㅟ": "ㅜㅣ",
    "ㅢ": "ㅡㅣ",
}  # fmt: skip
_JOINED = {parts: whole for whole, parts in (_CLUSTERS | _DIPHTHONGS).items()}

# The two-set keyboard (두벌식, KS X 5002); capitals are the shifted keys.
_KEYS = dict(
    zip(
        "qwertyuiopasdfghjklzxcvbnmQWERTOP",
        "ㅂㅈㄷㄱㅅㅛㅕㅑㅐㅔㅁㄴㅇㄹㅎㅗㅓㅏㅣㅋㅌㅊㅍㅠㅜㅡㅃㅉㄸㄲㅆㅒㅖ",
        strict=True,
    )
)
# With Caps Lock, or shifted by mistake, every other capital types what its small letter types.
_KEYS |= {key.upper(): jamo for key, jamo in _KEYS.items() if key.upper() not in _KEYS}
_LETTERS = {jamo: key for key, jamo in reversed(_KEYS.items())}

_VOWEL = "|".join((*_DIPHTHONGS.values(), f"[{VOWELS}]"))
_FINAL = "|".join((*_CLUSTERS.values(), f"[{FINALS.strip()}]"))
# A consonant before a vowel begins the next syllable, so it is not this one's final.
_SYLLABLE = re.compile(f"([{INITIALS}])({_VOWEL})(?:({_FINAL})(?![{VOWELS}]))?")


def _narrow() -> dict[int, str | None]:
    """Full-width and half-width forms and unjoined conjoining jamo, each to its ordinary letter."""
    table: dict[int, str | None] = {}
    for code in (0x3000, *range(0xFF01, 0xFFE7)):
        width, _, ordinary = unicodedata.decomposition(chr(code)).partition(" ")
        if width in {"<wide>", "<narrow>"}:
            table[code] = chr(int(ordinary, 16))
    for start, letters in ((0x1100, INITIALS), (0x1161, VOWELS), (0x11A7, FINALS)):
        table.update(enumerate(letters, start))
    # Fillers look like nothing but count as letters.
    return table | dict.fromkeys((0x115F, 0x1160, 0x11A7, 0x3164, 0xFFA0))


_NARROW = _narrow()

_INVISIBLE = re.compile(
    r"[\s\x00-\x1f\x7f-\x9f\u00ad\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]"
)
_THOUSANDS = re.compile(r"(?<=[0-9]),(?=[0-9]{3}(?![0-9]))")
# Not from the middle of a run of digits: that would cost the square of its length.
_HYPHENATED = re.compile(r"(?<![0-9])[0-9]+(?:-[0-9]+)+")
# Phone numbers and dates have at least this many digits; 3-5 is a range.
_PHONE_DIGITS = 7
_SIGNS = "+%#@&$₩€"
# Between digits these belong to the number: 1.5, 1/2, 9:30, 3~5.
_BETWEEN_DIGITS = ".,:/~-"
_SAME_SIGN = str.maketrans("−–～〜", "--~~")


def compose(text: str) -> str:
    """NFC text in ordinary width, with jamo that were typed one by one joined to syllables."""
    return _SYLLABLE.sub(_join, unicodedata.normalize("NFC", text).translate(_NARROW))


def plain(text: str) -> str:
    """The letters and digits of `text` in one form: NFC, small letters, no spaces, no punctuation.

    Signs that change the meaning stay: % + # @ & and currency, marks between digits, a minus sign.
    """
    text = unicodedata.normalize("NFC", text).translate(_NARROW).casefold()
    text = _INVISIBLE.sub("", text).translate(_SAME_SIGN)
    text = _HYPHENATED.sub(_unhyphenated, _THOUSANDS.sub("", text))
    return compose("".join(char for i, char in enumerate(text) if _counts(text, i)))


def _unhyphenated(number: re.Match[str]) -> str:
    digits = number.group().replace("-", "")
    return digits if len(digits) >= _PHONE_DIGITS else number.group()


def _counts(text: str, i: int) -> bool:
    char = text[i]
    if char.isalnum() or char in _SIGNS:
        return True
    follows, precedes = text[i - 1 : i].isdecimal(), text[i + 1 : i + 2].isdecimal()
    return precedes and ((char in _BETWEEN_DIGITS and follows) or (char == "-" and i == 0))


def decompose(text: str) -> str:
    """Every syllable as its jamo: 닭 → ㄷㅏㄹㄱ. Clusters are split, ㄲ and ㅘ are one jamo each.

    No two texts of syllables share a decomposition: a syllable's first consonant always has its
    vowel behind it.
    """
    return "".join(map(_jamo, unicodedata.normalize("NFC", text)))


def _jamo(char: str) -> str:
    if not "가" <= char <= "힣":
        return _CLUSTERS.get(char, char)
    rest, final = divmod(ord(char) - 0xAC00, len(FINALS))
    initial, vowel = divmod(rest, len(VOWELS))
    last = FINALS[final].strip()
    return INITIALS[initial] + VOWELS[vowel] + _CLUSTERS.get(last, last)


def _join(match: re.Match[str]) -> str:
    initial, vowel, final = match.groups(default=" ")
    return syllable(initial, _JOINED.get(vowel, vowel), _JOINED.get(final, final))


def syllable(initial: str, vowel: str, final: str = " ") -> str:
    """One syllable of its jamo.

    Raises:
        ValueError: a letter that cannot stand in its place.
    """
    place = INITIALS.index(initial) * len(VOWELS) + VOWELS.index(vowel)
    return chr(0xAC00 + place * len(FINALS) + FINALS.index(final))


def from_keys(text: str) -> str | None:
    """What the keys would have written on a two-set Korean keyboard: rmsfh → 근로.

    Returns:
        None unless every letter is a key and all of them join to whole syllables.
    """
    keys = _INVISIBLE.sub("", text)
    if not keys or not all(key in _KEYS for key in keys):
        return None
    written = _SYLLABLE.sub(_join, "".join(_KEYS[key] for key in keys))
    return written if all("가" <= char <= "힣" for char in written) else None


def to_keys(text: str) -> str | None:
    """The Latin letters of the keys that write `text`: ㅔㅁㄴㄴ → pass; None without a key."""
    keys = []
    for jamo in decompose(_INVISIBLE.sub("", text)):
        for part in _DIPHTHONGS.get(jamo, jamo):
            if part not in _LETTERS:
                return None
            keys.append(_LETTERS[part])
    return "".join(keys) or None


def initials(text: str) -> str:
    """The initial consonants (초성): 근로 계약서 → ㄱㄹㄱㅇㅅ. Other letters and digits stay."""
    return "".join(
        _jamo(char)[0] if "가" <= char <= "힣" else _CLUSTERS.get(char, char)
        for char in plain(text)
    )


def is_initials(text: str) -> bool:
    """Whether `text` is nothing but initial consonants, as people type them to search."""
    found = plain(text)
    return bool(found) and all(char in INITIALS or char in _CLUSTERS for char in found)


def fold(text: str) -> str:
    """`plain`, with northern and southern spelling, and common spellings of loanwords, made one."""
    return _southern(plain(text))


def bigrams(text: str) -> tuple[str, ...]:
    """The distinct pairs of neighbours in `fold(text)`, in order; a lone letter is itself."""
    folded = fold(text)
    if len(folded) == 1:
        return (folded,)
    return tuple(dict.fromkeys(first + second for first, second in pairwise(folded)))


# Northern spelling
#
# Words of Chinese origin keep ㄹ and ㄴ at their start (FACTS L-05). These are the beginnings of
# words in daily use, in northern spelling; the southern one follows from the first sound.


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_AT_START = _words("""
 라렬 라침반 락원 락엽 락하 락서 락제 락심 락관 락후 락농 란로 란간 란초 란리 람용 람발 람루
랑비 랑독 랑만 래일 래년 래주 래방 래력 랭장 랭동 랭면 랭방 랭수 랭각 랭정 랭전 랭기 랭대 략식
략칭 략도 략탈 량식 량심 량호 량해 량쪽 량측 량면 량국 량곡 량질 량립 려행 려권 려관 려객 려비
려과 력사 력대 력량 력학 련락 련습 련결 련합 련맹 련대 련속 련애 련관 련계 련립 련쇄 련휴 련마
련인 렬차 렬거 렬사 렬등 렬악 렴가 렴치 령수 령토 령역 령하 령혼 령감 령장 령세 령해 령공 례절
례의 례물 례식 례배 례외 례제 례시 례문 례년 례정 로동 로인 로력 로임 로선 로년 로후 로출 로점
로조 로사 로무 로화 로숙 로련 로상 로면 로안 로령 록음 록화 록색 록두 록차 록취 록지 론문 론의
론리 론쟁 론술 론설 론평 론거 롱담 롱구 롱아 롱락 뢰물 뢰우 료금 료리 료양 료법 룡궁 루설
루락 루적 루수 루진 루출 류학 류행 류통 류치 류산 류의 류언비어 류사 류형 류입 류출 류동 류창
류역 류실 류리 류념 류례 륙지 륙군 륙상 륙십 륙교 륙로 륜리 륜곽 률동 률법 륭성 리력 리유 리자
리용 리익 리해 리혼 리별 리론 리상 리성 리사 리발 리윤 리률 리율 리득 리직 리탈 리념 리장 리과 리점
리질 리산 리행 리면 리롭 린접 린색 린근 림시 림업 림야 림박 림종 림상 림명 립장 립법 립증 립춘
립후보 립체 립석 립주 립각 녀자 녀성 녀학생 녀군 녀동생 녀인 녀배우 녀의사 녀직원 녀사 녀교사
녀왕 녀권 뇨소 뇨도 뉴대 닉명 닉사 년금 년도 년말 년초 년간 년봉 년차 년세 년령 년하 년례 년월
년중 년평균 년리 년한 년두 년소 념려 념두 념원
""")

# The same inside a compound: 해외려행, 국민년금. Only what does not arise by chance.
_INSIDE = _words("""
로동 로조 로임 녀성 녀자 녀학생 녀동생 려행 려권 년금 년말 년초 년봉 년차 년도 년령 년간 련락
련습 련결 련합 련휴 료금 력사 령수증 례절 랭장 랭동 랭면 록음 론문 론의 류학 류행 류통 림시 로인

""")
# These follow another word, but never a syllable that makes a word with 리: 대출리자, but 관리자.
_INSIDE_RI = _words("리자 리용 리력서 리혼 리유 리해")
_BEFORE_RI = "관대심처수정분거요유권논물승윤진지의섭"

# Words that the South writes with 사이시옷 and the North without.
_WITH_SIOT = _words("""
바닷가 바닷물 바닷길 나뭇잎 나뭇가지 냇물 깻잎 햇빛 햇볕 햇살 촛불 댓글 숫자 셋방 셋집
셋돈 전셋집 전셋값 월셋방 월셋집 찻집 찻잔 찻길 찻간 빗물 빗길 뱃길 뱃속 뱃멀미 콧물 콧등 콧노래
잇몸 잇자국 윗사람 윗집 윗몸 윗니 윗면 윗글 핏줄 뒷문 뒷산 뒷돈 뒷면 뒷일 뒷받침 뒷정리 뒷거래
아랫사람 아랫집 아랫방 아랫면 아랫글 존댓말 혼잣말 노랫말 나랏돈 나랏일 고깃집 고깃국 맥줏집
등굣길 하굣길 최댓값 최솟값 절댓값 기댓값 장맛비 만둣국 북엇국 김칫국 순댓국 뭇국 자릿세 자릿수
이삿짐 이삿날 이잣돈 잔칫집 잔칫날 제삿날 가짓수 머릿속 머릿돌 머릿수 귓병 귓속 깃발 곳간
텃밭 텃세 하룻밤 어젯밤 날갯짓 부잣집 처갓집 외갓집 종갓집 뱃사람 나룻배 빨랫줄
빨랫비누 전깃줄 전깃불 담뱃갑 담뱃값 담뱃불 종잇장 우윳값 휘발윳값 채솟값 골칫거리
 수돗물 시냇물 갯벌 낚싯대 낚싯줄 훗날 툇마루 선짓국 조갯살 젓가락 쇳물
쇳조각
""")

# Northern or older spellings of loanwords and endings, and what they are compared as.
_SPELLINGS = dict(
    pair.split("=")
    for pair in _words("""
뻐스=버스 까스=가스 쏘프트=소프트 싸이트=사이트 쎈터=센터 쎈타=센터 센타=센터 써비스=서비스
써비쓰=서비스 쎄미나=세미나 께임=게임 쏘파=소파 뽀트=보트 싸인=사인 쎄일=세일 쎄트=세트
땐스=댄스 떼마=테마 쏘세지=소시지 쏘시지=소시지 소세지=소시지 빠다=버터 딸라=달러
땅크=탱크 뜨락또르=트랙터 콤퓨터=컴퓨터 콤퓨타=컴퓨터 컴퓨타=컴퓨터 텔레비죤=텔레비전
텔레비젼=텔레비전 쥬스=주스 쵸콜레트=초콜릿 쵸콜렛=초콜릿 초콜렛=초콜릿 메쎄지=메시지
메세지=메시지 프로그람=프로그램 라지오=라디오 로씨야=러시아 뽈=볼 빠나나=바나나 쎄멘트=시멘트
세멘트=시멘트 뻰찌=펜치 까페=카페 컨텐츠=콘텐츠 콘텐트=콘텐츠 악세사리=액세서리
악세서리=액세서리 쏘켓트=소켓 빠스=버스 딱시=택시 씨스템=시스템 씨디=시디
싸이버=사이버 싸이렌=사이렌 써버=서버 쎌프=셀프 쏘스=소스 쌘드위치=샌드위치
 빵꾸=펑크 꼬냑=코냑 쩨트=제트
떼레비=텔레비전 테레비=텔레비전 화일=파일 디지탈=디지털 어플리케이션=애플리케이션
앱스토아=앱스토어 홈페지=홈페이지 페지=페이지 웨브=웹 아빠트=아파트 로보트=로봇
쌍동이=쌍둥이 장사군=장사꾼 구경군=구경꾼 일군=일꾼 손벽=손뼉 눈섭=눈썹 잠간=잠깐
 되였=됐 되었=됐 되여=돼
되어=돼 하였=했 하여=해 보았=봤 주었=줬 두었=뒀
""")
)


def _initial_law(word: str) -> str:
    """두음법칙: the southern spelling of a word that begins with ㄹ or ㄴ in the North."""
    jamo = _jamo(word[0])
    softened = jamo[0].replace("ㄹ", "ㄴ")
    if jamo[1] in "ㅑㅕㅖㅛㅠㅣ":
        softened = "ㅇ"
    return syllable(softened, *jamo[1:2], *jamo[2:]) + word[1:]


def _without_siot(word: str) -> str:
    jamo = map(_jamo, word)
    return "".join(
        syllable(parts[0], parts[1]) if parts[2:] == "ㅅ" else compose(parts) for parts in jamo
    )


def _any_of(words: Iterable[str]) -> str:
    return "|".join(sorted(words, key=len, reverse=True))


_FOLDED = (
    {word: _initial_law(word) for word in (*_AT_START, *_INSIDE, *_INSIDE_RI)}
    | {word: _without_siot(word) for word in _WITH_SIOT}
    | _SPELLINGS
)
_STARTS = re.compile(rf"\A(?:{_any_of(_AT_START)})")
_ANYWHERE = re.compile(
    rf"{_any_of((*_INSIDE, *_WITH_SIOT, *_SPELLINGS))}|(?<![{_BEFORE_RI}])(?:{_any_of(_INSIDE_RI)})"
)
# 되였다, 쉬여: the North writes 여 after ㅣ ㅐ ㅔ ㅚ ㅟ ㅢ, the South 어.
_OPEN = "".join(syllable(initial, vowel) for initial in INITIALS for vowel in "ㅣㅐㅔㅚㅟㅢ")
_YEOT = re.compile(rf"(?<=[{_OPEN}])였")
# Only after these verbs: 기여 is not 기어, 대여 not 대어, 해외여행 not 해외어행.
_YEO = re.compile("(?<=[되쉬띄뛰튀뀌틔씌])여")


def _southern(text: str) -> str:
    text = _YEO.sub("어", _YEOT.sub("었", text))
    text = _STARTS.sub(lambda word: _FOLDED[word.group()], text)
    text = _ANYWHERE.sub(lambda word: _FOLDED[word.group()], text)
    # 률 and 렬 stay in the South after most consonants; the two are never different words.
    return text.replace("률", "율").replace("렬", "열")
