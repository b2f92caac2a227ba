"""Pure decisions about people: who may do what, which passwords and nicknames are good, how long a visit lasts."""

import enum
import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta


class Role(enum.StrEnum):
    LEARNER = "learner"
    MENTOR = "mentor"
    AUTHOR = "author"
    REVIEWER = "reviewer"
    COORDINATOR = "coordinator"
    ADMINISTRATOR = "administrator"


class Whose(enum.StrEnum):
    """Whose data an action touches."""

    NOBODYS = "nobody's"
    OWN = "own"
    OTHERS = "others'"


class Action(enum.StrEnum):
    """Everything a route can let somebody do. A route names exactly one."""

    READ_PUBLIC_PAGE = "read a public page"
    ENTER = "sign in, join or recover"
    LEAVE = "sign out or leave quickly"
    CHOOSE_READING = "choose language and reading aids"
    VERIFY_CERTIFICATE = "verify a certificate"
    LOAD_MEDIA = "load a picture or file of a course"
    BROWSE_COURSES = "browse and search courses"
    TAKE_COURSE = "take a course"
    KEEP_WORDS = "keep words, notes and bookmarks"
    MANAGE_OWN_ACCOUNT = "manage one's own account and devices"
    MANAGE_OWN_DATA = "see, download or erase one's own data"
    INVITE = "invite people"
    MANAGE_PEOPLE = "see people by nickname and change their roles"
    SEE_COURSE_STATES = "see revisions and problems of courses"


@dataclass(frozen=True)
class Rule:
    """Who may do an action (None: anyone, signed in or not), and whose data it touches."""

    roles: frozenset[Role] | None
    whose: Whose


_EVERYBODY = frozenset(Role)
_STAFF = frozenset({Role.COORDINATOR, Role.ADMINISTRATOR})
_EDITORS = frozenset({Role.AUTHOR, Role.REVIEWER, Role.ADMINISTRATOR})

POLICY: dict[Action, Rule] = {
    Action.READ_PUBLIC_PAGE: Rule(None, Whose.NOBODYS),
    Action.ENTER: Rule(None, Whose.OWN),
    Action.LEAVE: Rule(None, Whose.OWN),
    Action.CHOOSE_READING: Rule(None, Whose.OWN),
    Action.VERIFY_CERTIFICATE: Rule(None, Whose.NOBODYS),
    Action.LOAD_MEDIA: Rule(None, Whose.NOBODYS),
    Action.BROWSE_COURSES: Rule(_EVERYBODY, Whose.NOBODYS),
    Action.TAKE_COURSE: Rule(_EVERYBODY, Whose.OWN),
    Action.KEEP_WORDS: Rule(_EVERYBODY, Whose.OWN),
    Action.MANAGE_OWN_ACCOUNT: Rule(_EVERYBODY, Whose.OWN),
    Action.MANAGE_OWN_DATA: Rule(_EVERYBODY, Whose.OWN),
    Action.INVITE: Rule(_STAFF, Whose.NOBODYS),
    Action.MANAGE_PEOPLE: Rule(_STAFF, Whose.OTHERS),
    Action.SEE_COURSE_STATES: Rule(_EDITORS, Whose.NOBODYS),
}


def may(roles: Collection[Role] | None, action: Action) -> bool:
    """Whether somebody with `roles` (None: not signed in) may do `action`."""
    rule = POLICY[action]
    if rule.roles is None:
        return True
    return roles is not None and not rule.roles.isdisjoint(roles)


def may_grant(roles: Collection[Role], granted: Role) -> bool:
    """An administrator may give any role; a coordinator those of the people they look after."""
    if Role.ADMINISTRATOR in roles:
        return True
    return Role.COORDINATOR in roles and granted in {Role.LEARNER, Role.MENTOR}


class Deed(enum.StrEnum):
    """What staff can do about accounts, as the audit trail names it."""

    INVITED = "invited"
    WITHDREW_INVITATION = "withdrew invitation"
    SET_ROLES = "set roles"
    SUSPENDED = "suspended"
    REOPENED = "reopened"


# Visits


SHARED_IDLE = timedelta(minutes=15)
OWN_IDLE = timedelta(days=90)


def idle_limit(*, shared: bool) -> timedelta:
    return SHARED_IDLE if shared else OWN_IDLE


def has_expired(*, last_seen: datetime, shared: bool, now: datetime) -> bool:
    return now - last_seen > idle_limit(shared=shared)


def needs_touch(*, last_seen: datetime, shared: bool, now: datetime) -> bool:
    """Whether the visit's last moment should be written again: rarely, so that reading stays reading."""
    return now - last_seen > (timedelta(minutes=1) if shared else timedelta(hours=1))


def device_name(user_agent: str) -> str:
    """A coarse name such as "Android · Chrome": enough to recognise one's own phone, no more."""
    system = next(
        (
            name
            for mark, name in (
                ("Android", "Android"),
                ("iPhone", "iPhone"),
                ("iPad", "iPad"),
                ("Windows", "Windows"),
                ("Mac OS", "Mac"),
                ("Linux", "Linux"),
            )
            if mark in user_agent
        ),
        "",
    )
    browser = next(
        (
            name
            for mark, name in (
                ("SamsungBrowser", "Samsung Internet"),
                ("Whale", "Whale"),
                ("Edg", "Edge"),
                ("Firefox", "Firefox"),
                ("Chrome", "Chrome"),
                ("Safari", "Safari"),
            )
            if mark in user_agent
        ),
        "",
    )
    return " · ".join(part for part in (system, browser) if part)


# Nicknames


NICKNAME_MIN, NICKNAME_MAX = 2, 20

_NICKNAME = re.compile(r"[\w](?:[\w .\-]*[\w])?")

ADJECTIVES = (
    "맑은", "푸른", "고운", "환한", "너른", "다정한", "느긋한", "산뜻한", "포근한", "든든한",
    "반듯한", "은은한", "넉넉한", "상냥한", "차분한", "싱싱한", "말간", "도톰한", "잔잔한", "또렷한",
)  # fmt: skip
NOUNS = (
    "나무", "연필", "우산", "솔방울", "찻잔", "단추", "등불", "보리", "참새", "다람쥐",
    "모과", "감자", "바구니", "주전자", "도토리", "민들레", "두루미", "책갈피", "돌담", "호미",
    "풍경", "나침반", "손수건", "공책", "무지개", "조약돌", "은행잎", "버드나무", "반딧불", "수레",
)  # fmt: skip


def nickname_key(nickname: str) -> str:
    """What makes two nicknames the same: case, width, spaces and dots do not count."""
    folded = unicodedata.normalize("NFKC", nickname).casefold()
    return re.sub(r"[\s._\-]+", "", folded)


def nickname_is_fine(nickname: str) -> bool:
    text = unicodedata.normalize("NFC", nickname)
    return (
        NICKNAME_MIN <= len(text) <= NICKNAME_MAX
        and _NICKNAME.fullmatch(text) is not None
        and len(nickname_key(text)) >= NICKNAME_MIN
    )


# Passwords


PASSWORD_MIN, PASSWORD_MAX = 8, 200


class WeakPassword(enum.StrEnum):
    TOO_SHORT = "too short"
    TOO_LONG = "too long"
    COMMON = "common"
    LIKE_NICKNAME = "like the nickname"


_ROWS = (
    "`1234567890-=", "~!@#$%^&*()_+", "qwertyuiop[]\\", "asdfghjkl;'", "zxcvbnm,./", "qweasdzxc",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p", "1q2w3e4r5t6y7u8i9o0p", "q1w2e3r4t5y6u7i8o9p0",
    "qazwsxedcrfvtgbyhnujmikolp", "abcdefghijklmnopqrstuvwxyz", "qwerasdfzxcv", "asdfqwerzxcv", "qpwoeiruty",
    "가나다라마바사아자차카타파하", "ㄱㄴㄷㄹㅁㅂㅅㅇㅈㅊㅋㅌㅍㅎ", "ㅏㅑㅓㅕㅗㅛㅜㅠㅡㅣ",
)  # fmt: skip

# Words that many people choose, as typed on a Latin keyboard, in Hangul, and in Hangul typed with the keys switched.
_COMMON_WORDS = frozenset(
    [
        "password",
        "passw0rd",
        "p@ssword",
        "p@ssw0rd",
        "passwd",
        "letmein",
        "welcome",
        "iloveyou",
        "princess",
        "dragon",
        "monkey",
        "football",
        "baseball",
        "sunshine",
        "superman",
        "batman",
        "master",
        "shadow",
        "michael",
        "trustno",
        "computer",
        "internet",
        "samsung",
        "galaxy",
        "naver",
        "kakao",
        "kakaotalk",
        "google",
        "apple",
        "facebook",
        "instagram",
        "android",
        "windows",
        "starwars",
        "pokemon",
        "freedom",
        "whatever",
        "nothing",
        "secret",
        "login",
        "admin",
        "administrator",
        "manager",
        "guest",
        "root",
        "test",
        "testtest",
        "tester",
        "changeme",
        "default",
        "qwerty",
        "qwertyui",
        "asdfasdf",
        "zxcvzxcv",
        "asdf",
        "qwer",
        "zxcv",
        "korea",
        "seoul",
        "hangul",
        "hello",
        "helloworld",
        "love",
        "lovelove",
        "angel",
        "happy",
        "smile",
        "flower",
        "summer",
        "winter",
        "spring",
        "autumn",
        "ieum",
        "academy",
        "ieumacademy",
        "baeumteo",
        "비밀번호",
        "비밀",
        "암호",
        "사랑해",
        "사랑",
        "사랑합니다",
        "안녕하세요",
        "안녕",
        "대한민국",
        "한국",
        "우리나라",
        "우리가족",
        "가족",
        "행복",
        "행복하자",
        "하나님",
        "예수님",
        "아버지",
        "어머니",
        "엄마",
        "아빠",
        "엄마아빠",
        "천사",
        "공주",
        "왕자",
        "친구",
        "바보",
        "감사합니다",
        "화이팅",
        "컴퓨터",
        "인터넷",
        "삼성",
        "카카오",
        "네이버",
        "이음",
        "배움터",
        "이음배움터",
        "통일",
        "하나원",
        "하나센터",
        "멘토",
        "학습자",
        "관리자",
        "로그인",
        "가나다라마바사",
        "가나다라",
        "아이디",
    ]
)

_KEYS = dict(
    zip(
        "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎㅏㅐㅑㅒㅓㅔㅕㅖㅗㅛㅜㅠㅡㅣ",
        "rRseEfaqQtTdwWczxvgkoiOjpuPhynbml",
        strict=True,
    )
)
_COMPOUND = {
    "ㅘ": "ㅗㅏ", "ㅙ": "ㅗㅐ", "ㅚ": "ㅗㅣ", "ㅝ": "ㅜㅓ", "ㅞ": "ㅜㅔ", "ㅟ": "ㅜㅣ", "ㅢ": "ㅡㅣ", "ㄳ": "ㄱㅅ", "ㄵ": "ㄴㅈ",
    "ㄶ": "ㄴㅎ", "ㄺ": "ㄹㄱ", "ㄻ": "ㄹㅁ", "ㄼ": "ㄹㅂ", "ㄽ": "ㄹㅅ", "ㄾ": "ㄹㅌ", "ㄿ": "ㄹㅍ", "ㅀ": "ㄹㅎ", "ㅄ": "ㅂㅅ",
}  # fmt: skip
_LEADS = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
_VOWELS = "ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ"
_TAILS = ("", *"ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ")
_SYLLABLES = range(0xAC00, 0xD7A4)


def typed_on_latin_keys(text: str) -> str:
    """Hangul as it comes out when the keyboard is switched to Latin (두벌식): 사랑해 → tkfkdgo."""
    keys: list[str] = []
    for char in unicodedata.normalize("NFC", text):
        if ord(char) in _SYLLABLES:
            index = ord(char) - 0xAC00
            letters = _LEADS[index // 588] + _VOWELS[index % 588 // 28] + _TAILS[index % 28]
        else:
            letters = char
        for letter in letters:
            keys.extend(_KEYS.get(part, part) for part in _COMPOUND.get(letter, letter))
    return "".join(keys)


_COMMON = _COMMON_WORDS | {typed_on_latin_keys(word).casefold() for word in _COMMON_WORDS}


def _is_a_walk(text: str) -> bool:
    """One key again and again, or keys that lie side by side, forwards or backwards."""
    return len(set(text)) == 1 or any(text in row + row or text[::-1] in row + row for row in _ROWS)


def _is_a_run(text: str) -> bool:
    """A piece repeated, or walks along rows of keys: one, several in turn, or two interleaved (1a2s3d4f)."""
    size = len(text)
    for length in range(1, size // 2 + 1):
        piece = text[:length]
        if text == (piece * size)[:size] and (length <= 4 or piece in _COMMON):  # noqa: PLR2004  longer ones may be words of one's own
            return True
    digits, others = re.findall(r"[0-9]+", text), re.findall(r"[^0-9]+", text)
    pieces = [*digits, *others]
    if all(len(piece) == 1 for piece in pieces):
        pieces = [piece for piece in ("".join(digits), "".join(others)) if piece]
    return _is_a_walk(text) or all(_is_a_walk(piece) for piece in pieces)


def _is_a_number(text: str) -> bool:
    """Digits only, as telephone numbers and dates are written."""
    return re.sub(r"[-./()+]+", "", text).isdigit()


def _core(text: str) -> str:
    """The word left when digits and signs around it are dropped and letter-like signs are read as letters."""
    trimmed = re.sub(r"^[\W\d_]+|[\W\d_]+$", "", text)
    return trimmed.translate(str.maketrans("@013$5", "aoless"))


def weakness(password: str, nickname: str) -> WeakPassword | None:
    """Why this password should not be taken; None when it is good. There are no composition rules."""
    text = unicodedata.normalize("NFC", password)
    if len(text) < PASSWORD_MIN:
        return WeakPassword.TOO_SHORT
    if len(text) > PASSWORD_MAX:
        return WeakPassword.TOO_LONG
    folded = text.casefold()
    squeezed = re.sub(r"\s+", "", folded)
    latin = typed_on_latin_keys(squeezed).casefold()
    if any(
        _is_a_number(form) or form in _COMMON or _core(form) in _COMMON or _is_a_run(form)
        for form in (squeezed, latin)
    ):
        return WeakPassword.COMMON
    name = nickname_key(nickname)
    core = nickname_key(_core(folded))
    if name and (core == name or core == typed_on_latin_keys(name).casefold()):
        return WeakPassword.LIKE_NICKNAME
    return None
