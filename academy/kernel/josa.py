"""조사 chosen by the sound before it: `%(course)s[을/를]` becomes 과정을, 차시를.

A marker names the form after a consonant first: `[을/를]`, `[이/가]`, `[은/는]`, `[과/와]`,
`[아/야]`, `[이에요/예요]`, and whatever differs by 이 or 으 alone: `[이랑/랑]`, `[이라는/라는]`,
`[으로/로]`. Other bracketed text is left alone. A marker is resolved after formatting, looking back
through quotes, closing tags and parentheses to the last letter that is read. Where nothing before
it can be read, both forms are written as Korean does: 을(를), (으)로.
"""

import re
import unicodedata

_MARKER = re.compile(
    r"\[(?:(?P<closed>을/를|이/가|은/는|과/와|아/야|이에요/예요|이었/였|이어서/여서)"
    r"|(?P<vowel>[이으])(?P<shared>[가-힣]+)/(?P=shared))\]"
)
_TAG = re.compile(r"</?[a-z][^<>]*>", re.IGNORECASE)
_ENTITY = re.compile(r"&[a-z0-9#]{1,10};\Z", re.IGNORECASE)
_NUMBER = re.compile(r"(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(\.[0-9]+)?\Z")
_UNIT = re.compile(r"[0-9] ?([a-z]+)\Z", re.IGNORECASE)
_WORD = re.compile(r"[a-z]+\Z", re.IGNORECASE)
# What may stand between a word and an explanation in parentheses.
_CLOSING = ">;\"'”’」』》〉*`)"
# A marker looks this far back: more than any word and what closes after it. Bounds the work.
_REACH = 400

_FINALS = " ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ"
# Full-width ASCII is read like ASCII.
_NARROW = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}

# Digits read aloud one by one: 영 일 이 삼 사 오 육 칠 팔 구.
_DIGITS = dict(zip("0123456789", ("ㅇ", "ㄹ", "", "ㅁ", "", "", "ㄱ", "ㄹ", "ㄹ", ""), strict=True))
# The place on which trailing zeros end: 십 백 천, then 만 억 조 경 해, four zeros each.
_PLACES = ("ㅂ", "ㄱ", "ㄴ")
_MYRIADS = ("ㄴ", "ㄱ", "", "ㅇ", "")
# 엘 엠 엔 알; every other letter's name ends in a vowel.
_LETTERS = {"l": "ㄹ", "m": "ㅁ", "n": "ㄴ", "r": "ㄹ"}
# Units after a number that are not read as they are spelled: 미터, 그램, 리터, 톤.
_UNITS = {
    **dict.fromkeys(("m", "km", "cm", "mm", "l", "ml", "kb", "mb", "gb", "tb"), ""),
    **dict.fromkeys(("g", "kg", "mg"), "ㅁ"),
    "t": "ㄴ",
}
# Signs that are read: 퍼센트, 도, 플러스, 달러, 유로, 미터, 제곱미터; 킬로그램; 샵.
_SIGNS = {**dict.fromkeys("%‰℃℉°+$€㎝㎜㎞㎡㎥ℓ", ""), "㎏": "ㅁ", "㎎": "ㅁ", "#": "ㅂ"}
# English words as Korean writes them: 앱, 톡, 챗, 폰, 구글, but 뱅크, 시트, 블로그.
_ENGLISH = (
    (re.compile(r"le?\Z"), "ㄹ"),
    (re.compile(r"me?\Z"), "ㅁ"),
    (re.compile(r"ne?\Z"), "ㄴ"),
    (re.compile(r"ng\Z"), "ㅇ"),
    (re.compile(r"(?:[aeiou]ck?|(?:^|[^aeiou])[aeiou]k|ook|alk)\Z"), "ㄱ"),
    (re.compile(r"(?:^|[^aeiou])[aeiou](?:pp?|b)\Z"), "ㅂ"),
    (re.compile(r"(?:^|[^aeiou])[aeiou]tt?\Z"), "ㅅ"),
)


def final_sound(text: str) -> str | None:
    """The final consonant with which `text` is read aloud.

    Returns:
        One consonant (ㄱ…ㅎ, a cluster as written), '' when it ends in a vowel, None when
        nothing in it can be read.
    """
    text = unicodedata.normalize("NFC", text[-_REACH:]).translate(_NARROW)
    text = _to_last_letter(text)
    last = text[-1:]
    if "가" <= last <= "힣":
        return _FINALS[(ord(last) - 0xAC00) % 28].strip()
    if last in _SIGNS:
        return _SIGNS[last]
    if "ㄱ" <= last <= "ㅎ":
        return last  # 기역, 니은, 디귿, 리을 …: a consonant's name ends in itself
    if "0" <= last <= "9":
        return _number(text)
    if last.isascii() and last.isalpha():
        return _latin(text)
    return "" if "ㅏ" <= last <= "ㅣ" else None


def _to_last_letter(text: str) -> str:
    """Drop from the end what is not read: spaces, quotes, tags, entities, (explanations)."""
    while text:
        last = text[-1]
        if last == ">" and (tag := text.rfind("<")) >= 0 and _TAG.fullmatch(text, tag):
            text = text[:tag]
        elif last == ";" and (entity := _ENTITY.search(text, max(0, len(text) - 12))):
            text = text[: entity.start()]
        elif last == ")" and (before := _before_parentheses(text)):
            text = before  # 이음(李音)을: the 조사 follows the word, not its explanation
        elif last in _SIGNS or unicodedata.category(last)[0] in "LN":
            break
        else:
            text = text[:-1]
    return text


def _before_parentheses(text: str) -> str:
    """What stands before the parentheses that close `text`; '' when no word stands there."""
    depth = 0
    for index in range(len(text) - 1, -1, -1):
        depth += {")": 1, "(": -1}.get(text[index], 0)
        if depth == 0:
            before = text[:index].rstrip()
            return before if before and (before[-1].isalnum() or before[-1] in _CLOSING) else ""
    return ""


def _number(text: str) -> str:
    number = _NUMBER.search(text)
    if number is None:
        return _DIGITS[text[-1]]
    run = number.group()
    digits = run.replace(",", "")
    zeros = len(digits) - len(digits.rstrip("0"))
    if number.group(1) or zeros in (0, len(digits)):
        return _DIGITS[run[-1]]  # decimals are read digit by digit
    if zeros <= len(_PLACES):
        return _PLACES[zeros - 1]
    return _MYRIADS[min(zeros // 4 - 1, len(_MYRIADS) - 1)]


def _latin(text: str) -> str:
    unit = _UNIT.search(text)
    if unit and unit.group(1).lower() in _UNITS:
        return _UNITS[unit.group(1).lower()]
    word = _WORD.search(text)
    run = word.group() if word else text[-1]
    if run.isupper() or len(run) == 1:
        return _LETTERS.get(run[-1].lower(), "")
    return next((sound for ending, sound in _ENGLISH if ending.search(run.lower())), "")


def attach(text: str) -> str:
    """Resolve every 조사 marker in `text`."""
    parts: list[str] = []
    end = 0
    for marker in _MARKER.finditer(text):
        parts.append(text[end : marker.start()])
        before = text[max(0, marker.start() - _REACH) : marker.start()]
        parts.append(_form(marker, final_sound(before)))
        end = marker.end()
    parts.append(text[end:])
    return "".join(parts)


def _form(marker: re.Match[str], sound: str | None) -> str:
    vowel, shared = marker.group("vowel", "shared")
    if vowel:
        if sound is None:
            return f"({vowel}){shared}"
        # After ㄹ as after a vowel: 서울로, not 서울으로.
        takes_vowel = sound and not (sound == "ㄹ" and vowel == "으")
        return vowel + shared if takes_vowel else shared
    closed, _, open_ = marker.group("closed").partition("/")
    if sound is None:
        return f"{closed}({open_})"
    return closed if sound else open_
