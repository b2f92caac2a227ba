"""Pure decisions of the accounts room, over anything that can be typed."""

import unicodedata
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from academy.accounts import rules, secrets
from academy.accounts.rules import POLICY, Action, Role, WeakPassword
from tests.accounts.passwords import COMMON, GOOD
from tests.conftest import NOON

NICKNAME = "맑은 나무"

anything = st.text(max_size=60)
hangul = st.text(st.characters(min_codepoint=0xAC00, max_codepoint=0xD7A3), max_size=30)
spans = st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=200))


# Nicknames


@given(anything)
def test_a_nickname_key_is_its_own_key(text: str) -> None:
    # Three rounds at most: width, case and signs can uncover one another only once.
    key = rules.nickname_key(rules.nickname_key(text))
    assert rules.nickname_key(key) == key


@given(anything)
def test_case_spaces_dots_and_hyphens_make_no_new_nickname(text: str) -> None:
    key = rules.nickname_key(text)
    for written in (f"  {text} ", " ".join(text), "-".join(text), f"{text}."):
        if unicodedata.normalize("NFKC", written).replace(" ", "") == unicodedata.normalize(
            "NFKC", text
        ).replace(" ", ""):
            assert rules.nickname_key(written) == key
    assert not any(char.isspace() or char in "._-" for char in key)


@given(anything)
def test_composed_and_decomposed_hangul_are_one_nickname(text: str) -> None:
    composed = unicodedata.normalize("NFC", text)
    assert rules.nickname_key(unicodedata.normalize("NFD", text)) == rules.nickname_key(composed)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Maple Tree", "mapletree"),
        ("ＭＡＰＬＥ", "maple"),
        ("맑은 나무", "맑은-나무"),
        ("맑은 나무", "맑은_나무."),
        ("STRASSE", "straße"),
    ],
)
def test_nicknames_that_look_alike_are_one(one: str, other: str) -> None:
    assert rules.nickname_key(one) == rules.nickname_key(other)


@pytest.mark.parametrize(
    "name",
    ["맑은 나무", "ab", "참새 12", "mint.tea", "a-b", "스무글자까지는됩니다스무글자까지는됨"],
)
def test_these_nicknames_are_fine(name: str) -> None:
    assert rules.nickname_is_fine(name)


@pytest.mark.parametrize(
    "name",
    ["", "나", " 나무", "나무 ", "--", "._", "_a", "나\u0000무", "<b>나무", "나무/숲", "나무\n숲", "가" * 21, "🌿🌿🌿"],
)  # fmt: skip
def test_these_nicknames_are_not_fine(name: str) -> None:
    assert not rules.nickname_is_fine(name)


@given(anything)
def test_a_fine_nickname_has_a_key_and_no_signs_a_page_could_trip_over(text: str) -> None:
    if rules.nickname_is_fine(text):
        assert len(rules.nickname_key(text)) >= rules.NICKNAME_MIN
        assert not set(text) & set("<>&\"'/\\\0\n\r\t")


@pytest.mark.parametrize("adjective", rules.ADJECTIVES)
def test_every_offered_nickname_is_fine(adjective: str) -> None:
    assert all(rules.nickname_is_fine(f"{adjective} {noun} 42") for noun in rules.NOUNS)


# Passwords


def test_the_table_of_passwords_is_long_enough_and_even() -> None:
    assert len(set(COMMON)) >= 60
    assert len(set(GOOD)) >= 60
    assert len(set(COMMON) | set(GOOD)) >= 120


@pytest.mark.parametrize("password", COMMON)
def test_what_many_people_choose_is_refused(password: str) -> None:
    assert rules.weakness(password, NICKNAME) is WeakPassword.COMMON


@pytest.mark.parametrize("password", GOOD)
def test_what_nobody_guesses_is_taken(password: str) -> None:
    assert rules.weakness(password, NICKNAME) is None


@pytest.mark.parametrize(
    ("password", "nickname", "found"),
    [
        ("", NICKNAME, WeakPassword.TOO_SHORT),
        ("7자입니다요", NICKNAME, WeakPassword.TOO_SHORT),
        ("가" * 201, NICKNAME, WeakPassword.TOO_LONG),
        ("또렷한은행잎나무!", "또렷한 은행잎나무", WeakPassword.LIKE_NICKNAME),
        ("또렷한 은행잎 나무 7", "또렷한은행잎나무", WeakPassword.LIKE_NICKNAME),
        ("Xylophonist1", "xylophonist", WeakPassword.LIKE_NICKNAME),
        ("akfrdmsskan99", "맑은나무", WeakPassword.LIKE_NICKNAME),
        ("또렷한은행잎나무 아래", "또렷한 은행잎나무", None),
    ],
)
def test_passwords_too_short_too_long_or_like_the_nickname_are_refused(
    password: str, nickname: str, found: WeakPassword | None
) -> None:
    assert rules.weakness(password, nickname) is found


@given(st.text(max_size=250), st.text(max_size=30))
def test_every_password_has_an_answer(password: str, nickname: str) -> None:
    found = rules.weakness(password, nickname)
    assert found is None or isinstance(found, WeakPassword)
    length = len(unicodedata.normalize("NFC", password))
    assert (found is WeakPassword.TOO_SHORT) == (length < rules.PASSWORD_MIN)
    assert (found is WeakPassword.TOO_LONG) == (length > rules.PASSWORD_MAX)


@given(st.sampled_from(COMMON), st.sampled_from([str.upper, str.title, str.swapcase]))
def test_capitals_make_a_common_password_no_better(password: str, write: object) -> None:
    assert callable(write)
    assert rules.weakness(write(password), NICKNAME) is WeakPassword.COMMON


@given(st.sampled_from(COMMON), st.integers(0, 9))
def test_spaces_make_a_common_password_no_better(password: str, place: int) -> None:
    assert rules.weakness(f"{password[:place]} {password[place:]}", NICKNAME) is not None


@given(hangul)
def test_hangul_typed_with_latin_keys_is_letters_that_type_it_again(text: str) -> None:
    typed = rules.typed_on_latin_keys(text)
    assert typed.isascii()
    assert typed == "" or typed.isalpha()
    assert rules.typed_on_latin_keys(typed) == typed
    assert 2 * len(text) <= len(typed) <= 5 * len(text)


@given(hangul, hangul)
def test_typing_one_text_after_another_is_typing_both(one: str, other: str) -> None:
    assert rules.typed_on_latin_keys(one + other) == (
        rules.typed_on_latin_keys(one) + rules.typed_on_latin_keys(other)
    )


@pytest.mark.parametrize(
    ("text", "typed"),
    [("사랑해", "tkfkdgo"), ("값", "rkqt"), ("왜", "dho"), ("쌍둥이", "Tkdenddl"), ("의자 3", "dmlwk 3"), ("ㅋㅋ", "zz"), ("", "")],
)  # fmt: skip
def test_hangul_comes_out_of_a_latin_keyboard_as_it_does_on_a_real_one(
    text: str, typed: str
) -> None:
    assert rules.typed_on_latin_keys(text) == typed


# Codes


@given(anything)
def test_a_cleaned_code_is_clean(text: str) -> None:
    clean = secrets.clean_code(text)
    assert secrets.clean_code(secrets.clean_code(clean)) == secrets.clean_code(clean)
    assert not any(char.isspace() or char == "-" for char in clean)


@given(st.data())
def test_a_code_survives_lower_case_spaces_and_hyphens(data: st.DataObject) -> None:
    code = secrets.new_code()
    signs = data.draw(st.lists(st.sampled_from([" ", "-", ""]), min_size=len(code)))
    typed = "".join(sign + char.lower() for sign, char in zip(signs, code, strict=False))
    assert secrets.clean_code(typed) == secrets.clean_code(code)


def test_codes_have_three_groups_of_four_signs_that_are_not_mistaken_for_others() -> None:
    for _turn in range(50):
        groups = secrets.new_code().split("-")
        assert [len(group) for group in groups] == [4, 4, 4]
        assert not set("".join(groups)) & set("01OIL")


# Visits


@given(spans, st.booleans())
def test_a_visit_that_ended_would_have_been_touched_before(span: timedelta, shared: bool) -> None:  # noqa: FBT001  hypothesis hands it over
    seen = NOON - span
    if rules.has_expired(last_seen=seen, shared=shared, now=NOON):
        assert rules.needs_touch(last_seen=seen, shared=shared, now=NOON)
    assert rules.has_expired(last_seen=seen, shared=shared, now=NOON) == (
        span > rules.idle_limit(shared=shared)
    )


@given(spans, spans, st.booleans())
def test_once_a_visit_needs_a_touch_it_goes_on_needing_it(
    one: timedelta,
    more: timedelta,
    shared: bool,  # noqa: FBT001  hypothesis hands it over
) -> None:
    if rules.needs_touch(last_seen=NOON - one, shared=shared, now=NOON):
        assert rules.needs_touch(last_seen=NOON - one - more, shared=shared, now=NOON)


@pytest.mark.parametrize(
    ("shared", "span", "needed"),
    [
        (True, timedelta(minutes=1), False),
        (True, timedelta(minutes=1, seconds=1), True),
        (False, timedelta(hours=1), False),
        (False, timedelta(hours=1, seconds=1), True),
    ],
)
def test_a_visit_is_touched_rarely(*, shared: bool, span: timedelta, needed: bool) -> None:
    assert rules.needs_touch(last_seen=NOON - span, shared=shared, now=NOON) is needed


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        ("Mozilla/5.0 (Linux; Android 14) AppleWebKit Chrome/126 Mobile Safari", "Android · Chrome"),
        ("Mozilla/5.0 (Linux; Android 14) SamsungBrowser/25 Chrome/121", "Android · Samsung Internet"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) Version/17 Safari", "iPhone · Safari"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/126 Safari Edg/126", "Windows · Edge"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/126 Whale/3 Safari", "Windows · Whale"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko Firefox/127", "Linux · Firefox"),
        ("curl/8", ""),
        ("", ""),
    ],
)  # fmt: skip
def test_a_device_is_named_coarsely(agent: str, name: str) -> None:
    assert rules.device_name(agent) == name


@given(anything)
def test_the_name_of_a_device_repeats_nothing_of_what_the_browser_said(agent: str) -> None:
    assert len(rules.device_name(agent)) <= len("Android · Samsung Internet")


# Who may what


def test_every_action_has_a_rule() -> None:
    assert set(POLICY) == set(Action)


@given(st.sets(st.sampled_from(Role)), st.sampled_from(Role), st.sampled_from(Action))
def test_one_more_role_never_takes_a_right_away(
    roles: set[Role], more: Role, action: Action
) -> None:
    if rules.may(roles, action):
        assert rules.may(roles | {more}, action)


@pytest.mark.parametrize("action", list(Action))
def test_without_a_session_only_what_is_open_to_anyone_is_allowed(action: Action) -> None:
    assert rules.may(None, action) is (POLICY[action].roles is None)


@given(st.sets(st.sampled_from(Role)), st.sampled_from(Role))
def test_only_staff_give_roles_and_only_administrators_give_power(
    roles: set[Role], granted: Role
) -> None:
    if rules.may_grant(roles, granted):
        assert roles & {Role.ADMINISTRATOR, Role.COORDINATOR}
        if granted not in {Role.LEARNER, Role.MENTOR}:
            assert Role.ADMINISTRATOR in roles
