"""Invitations, joining, signing in, recovery, devices, staff deeds: on SQLite and on PostgreSQL."""

import unicodedata
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from threading import Barrier
from typing import TypeVar

import pytest
from argon2.exceptions import VerifyMismatchError
from sqlalchemy import func, select

from academy.accounts import queries, rules, secrets, service, tries
from academy.accounts.errors import (
    CodeNotValid,
    LastAdministrator,
    NicknameTaken,
    PasswordTooWeak,
    TooManyTries,
    WrongNameOrPassword,
)
from academy.accounts.models import Account, AuditEntry, Device, Invitation, RecoveryCode, Tally
from academy.accounts.queries import Person
from academy.accounts.rules import Deed, Role, WeakPassword
from academy.accounts.service import ChangePassword, Join, Joined, Recover, SignIn
from academy.kernel.db import Database
from academy.kernel.errors import DomainError, NotAllowed, NotFound
from tests.builders.accounts import PASSWORD, a_person, a_visit, an_account, an_invitation
from tests.conftest import NOON

T = TypeVar("T")

OTHER_PASSWORD = "저녁마다 걷는 강가 길"


def _join(code: str, nickname: str = "맑은 나무", password: str = OTHER_PASSWORD) -> Join:
    return Join(code=code, nickname=nickname, password=password, language="ko")


def _sign_in(
    nickname: str, password: str = PASSWORD, *, address: str = "192.0.2.1", shared: bool = False
) -> SignIn:
    return SignIn(
        nickname, password, shared=shared, device_name="Android · Chrome", address=address
    )


def _person(database: Database, token: str, *, now: datetime = NOON) -> Person | None:
    with database.reading() as session:
        return queries.person_by_token(session, token, now=now)


def _count(database: Database, table: type[object]) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def _together(*calls: Callable[[], T]) -> list[T | DomainError]:
    """What each call gave or raised, when all start at the same moment."""
    start = Barrier(len(calls))

    def run(call: Callable[[], T]) -> T | DomainError:
        start.wait(timeout=30)
        try:
            return call()
        except DomainError as error:
            return error

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


class CountingHasher:
    """Stands where argon2 stands: takes no time and counts its work."""

    def __init__(self) -> None:
        self.verified = 0
        self.hashed = 0

    def hash(self, password: str) -> str:
        self.hashed += 1
        return f"hash of {password}"

    def verify(self, hashed: str, password: str) -> bool:
        self.verified += 1
        if hashed != f"hash of {password}":
            raise VerifyMismatchError
        return True


@pytest.fixture
def hasher(monkeypatch: pytest.MonkeyPatch) -> CountingHasher:
    counting = CountingHasher()
    monkeypatch.setattr(secrets, "_hasher", counting)
    return counting


# Invitations


def test_an_invitation_for_one_opens_one_account(database: Database) -> None:
    code = an_invitation(database, now=NOON)
    service.join(database, _join(code), now=NOON)
    with pytest.raises(CodeNotValid):
        service.join(database, _join(code, "푸른 연필"), now=NOON)
    assert _count(database, Account) == 1


def test_a_group_invitation_opens_as_many_accounts_as_it_has_places(
    database: Database, hasher: CountingHasher
) -> None:
    code = an_invitation(database, places=3, now=NOON)
    for nickname in ("맑은 나무", "푸른 연필", "고운 우산"):
        service.join(database, _join(code, nickname), now=NOON)
    with pytest.raises(CodeNotValid):
        service.join(database, _join(code, "환한 단추"), now=NOON)
    assert _count(database, Account) == hasher.hashed == 3


def test_the_account_gets_the_roles_of_the_invitation(database: Database) -> None:
    code = an_invitation(database, Role.MENTOR, Role.AUTHOR, now=NOON)
    joined = service.join(database, _join(code), now=NOON)
    with database.reading() as session:
        assert session.get_one(Account, joined.account_id).roles == ["mentor", "author"]


@pytest.mark.parametrize(
    "write",
    [str.lower, lambda code: code.replace("-", ""), lambda code: f"  {code} ".replace("-", " ")],
)
def test_a_code_counts_however_it_is_typed(database: Database, write: Callable[[str], str]) -> None:
    code = an_invitation(database, now=NOON)
    with database.reading() as session:
        service.check_code(session, write(code), now=NOON)


def test_an_invitation_ends_with_its_last_day(database: Database) -> None:
    code = an_invitation(database, days=14, now=NOON)
    end = NOON + timedelta(days=14)
    with database.reading() as session:
        service.check_code(session, code, now=end - timedelta(seconds=1))
        with pytest.raises(CodeNotValid):
            service.check_code(session, code, now=end)
    with pytest.raises(CodeNotValid):
        service.join(database, _join(code), now=end)


def test_a_withdrawn_invitation_opens_nothing_and_says_no_more_than_an_unknown_one(
    database: Database,
) -> None:
    administrator = a_person(database, "", Role.ADMINISTRATOR, now=NOON)
    code = an_invitation(database, now=NOON)
    with database.reading() as session:
        [view] = queries.invitations(session)
    with database.writing() as session:
        service.withdraw_invitation(session, view.public_id, by=administrator, now=NOON)
    refusals = []
    for tried in (code, "2222-3333-4444", "", "없는 코드"):
        with pytest.raises(CodeNotValid) as refusal:
            service.join(database, _join(tried), now=NOON)
        refusals.append(vars(refusal.value))
    assert all(refusal == refusals[0] for refusal in refusals)


def test_an_invitation_that_does_not_exist_cannot_be_withdrawn(database: Database) -> None:
    administrator = a_person(database, "", Role.ADMINISTRATOR, now=NOON)
    with database.writing() as session, pytest.raises(NotFound):
        service.withdraw_invitation(session, "nothing", by=administrator, now=NOON)


def test_a_coordinator_cannot_withdraw_an_invitation_they_could_not_have_made(
    database: Database,
) -> None:
    coordinator = a_person(database, "", Role.COORDINATOR, now=NOON)
    an_invitation(database, Role.LEARNER, Role.AUTHOR, now=NOON)
    with database.reading() as session:
        [view] = queries.invitations(session)
    with database.writing() as session, pytest.raises(NotAllowed):
        service.withdraw_invitation(session, view.public_id, by=coordinator, now=NOON)
    with database.reading() as session:
        assert queries.invitations(session)[0].is_open(NOON)


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("inviter", [Role.ADMINISTRATOR, Role.COORDINATOR, Role.MENTOR])
def test_people_invite_to_the_roles_they_may_give(
    sqlite_database: Database, inviter: Role, role: Role
) -> None:
    by = a_person(sqlite_database, "", inviter, now=NOON)
    allowed = inviter is Role.ADMINISTRATOR or (
        inviter is Role.COORDINATOR and role in {Role.LEARNER, Role.MENTOR}
    )
    with sqlite_database.writing() as session:
        if allowed:
            assert service.invite(session, roles=[role], places=1, days=1, by=by, now=NOON)
        else:
            with pytest.raises(NotAllowed):
                service.invite(session, roles=[role], places=1, days=1, by=by, now=NOON)


def test_the_code_itself_is_not_kept(database: Database) -> None:
    code = an_invitation(database, now=NOON)
    with database.reading() as session:
        kept = session.scalars(select(Invitation.code_hash)).one()
    assert code not in kept
    assert secrets.clean_code(code) not in kept


@pytest.mark.usefixtures("hasher")
def test_of_two_who_take_the_last_place_at_once_one_gets_it(database: Database) -> None:
    code = an_invitation(database, places=1, now=NOON)
    results = _together(
        lambda: service.join(database, _join(code, "맑은 나무"), now=NOON),
        lambda: service.join(database, _join(code, "푸른 연필"), now=NOON),
        lambda: service.join(database, _join(code, "고운 우산"), now=NOON),
    )
    assert sorted(type(result).__name__ for result in results) == [
        "CodeNotValid",
        "CodeNotValid",
        "Joined",
    ]
    with database.reading() as session:
        assert session.scalars(select(Invitation.used)).one() == 1
    assert _count(database, Account) == 1


# Joining


@pytest.mark.parametrize(
    "written", ["맑은 나무", "맑은나무", "맑은_나무", "맑은.나무", " 맑은  나무 "]
)
def test_a_nickname_is_taken_however_it_is_written(database: Database, written: str) -> None:
    an_account(database, "맑은 나무")
    code = an_invitation(database, now=NOON)
    with pytest.raises(NicknameTaken):
        service.join(database, _join(code, written), now=NOON)
    with database.reading() as session:
        service.check_code(session, code, now=NOON)


class HasherWithRival(CountingHasher):
    """While the first password is hashed, somebody else does something."""

    def __init__(self, rival: Callable[[], object]) -> None:
        super().__init__()
        self.rival = rival

    def hash(self, password: str) -> str:
        hashed = super().hash(password)
        if self.hashed == 1:
            self.rival()
        return hashed


def test_a_nickname_taken_while_the_password_is_hashed_leaves_the_place_free(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = an_invitation(database, places=3, now=NOON)

    def rival() -> None:
        service.join(database, _join(code, "맑은나무"), now=NOON)

    monkeypatch.setattr(secrets, "_hasher", HasherWithRival(rival))
    with pytest.raises(NicknameTaken):
        service.join(database, _join(code, "맑은 나무"), now=NOON)
    with database.reading() as session:
        assert session.scalars(select(Invitation.used)).one() == 1
    assert _count(database, Account) == 1
    assert _count(database, RecoveryCode) == service.RECOVERY_CODES


@pytest.mark.usefixtures("hasher")
def test_of_two_who_want_one_nickname_at_once_one_gets_it(database: Database) -> None:
    code = an_invitation(database, places=5, now=NOON)
    results = _together(
        lambda: service.join(database, _join(code, "맑은 나무"), now=NOON),
        lambda: service.join(database, _join(code, "맑은나무"), now=NOON),
    )
    assert {type(result) for result in results} == {Joined, NicknameTaken}
    with database.reading() as session:
        assert session.scalars(select(Invitation.used)).one() == 1


def test_a_weak_password_takes_no_place_and_costs_no_hashing(
    database: Database, hasher: CountingHasher
) -> None:
    code = an_invitation(database, now=NOON)
    with pytest.raises(PasswordTooWeak) as refusal:
        service.join(database, _join(code, password="비밀번호1234"), now=NOON)
    assert refusal.value.weakness is WeakPassword.COMMON
    assert hasher.hashed == 0
    with database.reading() as session:
        service.check_code(session, code, now=NOON)


def test_a_password_like_the_nickname_is_refused(database: Database) -> None:
    code = an_invitation(database, now=NOON)
    with pytest.raises(PasswordTooWeak) as refusal:
        service.join(database, _join(code, "또렷한은행잎나무", "또렷한은행잎나무77"), now=NOON)
    assert refusal.value.weakness is WeakPassword.LIKE_NICKNAME


def test_the_password_is_kept_as_an_argon2id_hash(database: Database) -> None:
    code = an_invitation(database, now=NOON)
    joined = service.join(database, _join(code), now=NOON)
    with database.reading() as session:
        hashed = session.get_one(Account, joined.account_id).password_hash
    assert hashed.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert secrets.password_fits(OTHER_PASSWORD, hashed)
    assert not secrets.password_fits(PASSWORD, hashed)


def test_eight_different_recovery_codes_are_given_and_none_is_kept(database: Database) -> None:
    joined = service.join(database, _join(an_invitation(database, now=NOON)), now=NOON)
    assert len(set(joined.recovery_codes)) == service.RECOVERY_CODES == 8
    with database.reading() as session:
        kept = set(session.scalars(select(RecoveryCode.code_hash)))
    assert len(kept) == 8
    assert kept.isdisjoint(joined.recovery_codes)


# Signing in


def test_signing_in_gives_a_token_that_is_kept_as_a_hash_only(database: Database) -> None:
    account_id = an_account(database, "맑은 나무")
    token = service.sign_in(database, _sign_in("맑은 나무"), now=NOON)
    person = _person(database, token)
    assert person is not None
    assert (person.account_id, person.nickname) == (account_id, "맑은 나무")
    with database.reading() as session:
        assert token not in session.scalars(select(Device.token_hash)).one()


@pytest.mark.parametrize("written", ["맑은나무", "맑은-나무", "맑은 나무 "])
def test_the_nickname_may_be_written_differently_at_the_door(
    database: Database, written: str
) -> None:
    an_account(database, "맑은 나무")
    assert service.sign_in(database, _sign_in(written), now=NOON)


def test_every_refused_sign_in_gives_one_answer_after_the_same_work(
    database: Database, hasher: CountingHasher
) -> None:
    hashed = f"hash of {rules.typed_on_latin_keys(PASSWORD)}"
    with database.writing() as session:
        for nickname in ("맑은 나무", "닫힌 계정"):
            service.add_account(
                session,
                nickname=nickname,
                password_hash=hashed,
                roles=[Role.LEARNER],
                language="ko",
            )
        closed = session.scalars(select(Account).where(Account.nickname == "닫힌 계정")).one()
        closed.suspended = True
    answers = []
    for nickname, password in (
        ("아무도 아님", PASSWORD),
        ("맑은 나무", "틀린 비밀번호예요"),
        ("닫힌 계정", PASSWORD),
        ("닫힌 계정", "틀린 비밀번호예요"),
    ):
        before = hasher.verified
        with pytest.raises(WrongNameOrPassword) as refusal:
            service.sign_in(database, _sign_in(nickname, password), now=NOON)
        answers.append((hasher.verified - before, vars(refusal.value), refusal.value.status))
    assert answers == [(1, {}, 422)] * 4
    assert _count(database, Device) == 0
    assert service.sign_in(database, _sign_in("맑은 나무"), now=NOON)
    assert hasher.verified == 5


def test_an_unknown_nickname_never_fits_even_with_the_password_of_the_stand_in_hash(
    monkeypatch: pytest.MonkeyPatch, hasher: CountingHasher
) -> None:
    monkeypatch.setattr(secrets, "_NOBODYS_HASH", f"hash of {rules.typed_on_latin_keys(PASSWORD)}")
    assert not secrets.password_fits(PASSWORD, None)
    assert hasher.verified == 1


def test_a_damaged_hash_fits_nothing() -> None:
    assert not secrets.password_fits(PASSWORD, "not a hash")


@pytest.mark.parametrize("nickname", ["", " ", "' OR 1=1 --", "맑은\u0000나무", "\U0001f33f" * 50])
@pytest.mark.usefixtures("hasher")
def test_strange_nicknames_are_wrong_nicknames(sqlite_database: Database, nickname: str) -> None:
    with pytest.raises(WrongNameOrPassword):
        service.sign_in(sqlite_database, _sign_in(nickname), now=NOON)


# How often


def _wrong(database: Database, nickname: str, address: str, now: datetime) -> None:
    with pytest.raises(WrongNameOrPassword):
        service.sign_in(database, _sign_in(nickname, "틀린 것", address=address), now=now)


def test_after_ten_tries_a_nickname_is_refused_even_with_the_right_password(
    database: Database, hasher: CountingHasher
) -> None:
    an_account(database, "맑은 나무")
    for number in range(10):
        # Each from another address, and each written a little differently: one subject all the same.
        written = ("맑은 나무", "맑은나무", "맑은_나무", " 맑은 나무")[number % 4]
        _wrong(database, written, f"192.0.2.{number}", NOON)
    before = hasher.verified
    with pytest.raises(TooManyTries) as refusal:
        service.sign_in(database, _sign_in("맑은 나무", address="192.0.2.99"), now=NOON)
    assert refusal.value.minutes == 15
    assert hasher.verified == before
    _wrong(database, "푸른 연필", "192.0.2.99", NOON)


@pytest.mark.usefixtures("hasher")
def test_after_thirty_tries_an_address_is_refused(database: Database) -> None:
    for number in range(30):
        _wrong(database, f"참새 {number}", "192.0.2.1", NOON)
    with pytest.raises(TooManyTries):
        service.sign_in(database, _sign_in("참새 30", "틀린 것"), now=NOON)
    _wrong(database, "참새 30", "192.0.2.2", NOON)


def test_tries_are_counted_although_they_were_refused_and_the_window_rolls_over(
    database: Database,
) -> None:
    kind = tries.Try("a door", 2, timedelta(minutes=15))

    def knock(now: datetime) -> bool:
        try:
            tries.count(database, [(kind, "somebody")], now=now)
        except TooManyTries:
            return False
        return True

    assert [knock(NOON), knock(NOON), knock(NOON), knock(NOON)] == [True, True, False, False]
    with database.reading() as session:
        assert session.scalars(select(Tally.count)).one() == 4
    late = NOON + timedelta(minutes=14, seconds=59)
    assert not knock(late)
    assert knock(NOON + timedelta(minutes=15))


@pytest.mark.parametrize(
    ("seconds", "minutes"), [(0, 15), (1, 15), (60, 14), (14 * 60 + 1, 1), (14 * 60 + 59, 1)]
)
def test_the_refusal_says_how_many_minutes_are_left(
    sqlite_database: Database, seconds: int, minutes: int
) -> None:
    kind = tries.Try("a door", 0, timedelta(minutes=15))
    with sqlite_database.writing() as session, pytest.raises(TooManyTries) as refusal:
        tries.count_try(session, kind, "x", now=NOON + timedelta(seconds=seconds))
    assert refusal.value.minutes == minutes


def test_two_doors_and_two_subjects_are_counted_apart(database: Database) -> None:
    one, other = (tries.Try(name, 1, timedelta(minutes=15)) for name in ("one", "other"))
    for kind, subject in ((one, "a"), (one, "b"), (other, "a")):
        tries.count(database, [(kind, subject)], now=NOON)
    with pytest.raises(TooManyTries):
        tries.count(database, [(one, "a")], now=NOON)


def test_tries_made_at_once_are_all_counted(database: Database) -> None:
    kind = tries.Try("a door", 3, timedelta(minutes=15))
    results = _together(
        *(lambda: tries.count(database, [(kind, "somebody")], now=NOON) for _turn in range(5))
    )
    assert sorted(type(result).__name__ for result in results) == [
        "NoneType",
        "NoneType",
        "NoneType",
        "TooManyTries",
        "TooManyTries",
    ]


def test_fifteen_codes_may_be_tried_from_one_address(database: Database) -> None:
    for _turn in range(15):
        tries.count_code_try(database, "192.0.2.1", now=NOON)
    with pytest.raises(TooManyTries):
        tries.count_code_try(database, "192.0.2.1", now=NOON)
    tries.count_code_try(database, "192.0.2.2", now=NOON)


@pytest.mark.usefixtures("hasher")
def test_the_tally_names_neither_nickname_nor_address(database: Database) -> None:
    _wrong(database, "맑은 나무", "192.0.2.1", NOON)
    with database.reading() as session:
        buckets = "".join(session.scalars(select(Tally.bucket)))
    assert len(buckets) == 2 * 64
    assert "192.0.2.1" not in buckets


# Recovery


def _recover(nickname: str, code: str, password: str = OTHER_PASSWORD, n: int = 1) -> Recover:
    return Recover(nickname=nickname, code=code, password=password, address=f"192.0.2.{n}")


def _joined(database: Database, nickname: str = "맑은 나무") -> Joined:
    with database.writing() as session:
        return service.add_account(
            session,
            nickname=nickname,
            password_hash=secrets.hash_password(PASSWORD),
            roles=[Role.LEARNER],
            language="ko",
        )


@pytest.mark.usefixtures("hasher")
def test_a_recovery_code_gives_a_new_password_once_and_signs_every_device_out(
    database: Database,
) -> None:
    joined = _joined(database)
    tokens = [a_visit(database, joined.account_id, now=NOON) for _turn in range(3)]
    code = joined.recovery_codes[0]
    found = service.recover(database, _recover("맑은나무", code.lower()), now=NOON)
    assert found == joined.account_id
    assert [_person(database, token) for token in tokens] == [None, None, None]
    with pytest.raises(WrongNameOrPassword):
        service.sign_in(database, _sign_in("맑은 나무"), now=NOON)
    assert service.sign_in(database, _sign_in("맑은 나무", OTHER_PASSWORD), now=NOON)
    with pytest.raises(CodeNotValid):
        service.recover(database, _recover("맑은 나무", code), now=NOON)
    with database.reading() as session:
        assert queries.recovery_codes_left(session, joined.account_id) == 7


@pytest.mark.usefixtures("hasher")
def test_of_two_who_use_one_recovery_code_at_once_one_succeeds(database: Database) -> None:
    joined = _joined(database)
    code = joined.recovery_codes[0]
    results = _together(
        lambda: service.recover(database, _recover("맑은 나무", code, n=1), now=NOON),
        lambda: service.recover(database, _recover("맑은 나무", code, n=2), now=NOON),
    )
    assert {type(result) for result in results} == {int, CodeNotValid}


@pytest.mark.usefixtures("hasher")
def test_a_recovery_code_of_somebody_else_opens_nothing_and_stays_good(database: Database) -> None:
    joined = _joined(database)
    _joined(database, "푸른 연필")
    code = joined.recovery_codes[0]
    for nickname in ("푸른 연필", "아무도 아님"):
        with pytest.raises(CodeNotValid):
            service.recover(database, _recover(nickname, code), now=NOON)
    assert service.recover(database, _recover("맑은 나무", code), now=NOON)


@pytest.mark.usefixtures("hasher")
def test_a_weak_new_password_uses_up_no_recovery_code(database: Database) -> None:
    joined = _joined(database)
    code = joined.recovery_codes[0]
    with pytest.raises(PasswordTooWeak):
        service.recover(database, _recover("맑은 나무", code, "12345678"), now=NOON)
    assert service.recover(database, _recover("맑은 나무", code), now=NOON)


@pytest.mark.usefixtures("hasher")
def test_recovery_is_tried_ten_times_an_hour_for_one_nickname(database: Database) -> None:
    joined = _joined(database)
    for number in range(10):
        with pytest.raises(CodeNotValid):
            service.recover(database, _recover("맑은 나무", "2222-2222-2222", n=number), now=NOON)
    with pytest.raises(TooManyTries):
        service.recover(database, _recover("맑은나무", joined.recovery_codes[0], n=99), now=NOON)
    later = NOON + timedelta(hours=1)
    assert service.recover(
        database, _recover("맑은나무", joined.recovery_codes[0], n=99), now=later
    )


@pytest.mark.usefixtures("hasher")
def test_new_recovery_codes_replace_the_old_ones(database: Database) -> None:
    joined = _joined(database)
    person = _person(database, a_visit(database, joined.account_id, now=NOON))
    assert person is not None
    with database.writing() as session:
        fresh = service.renew_recovery_codes(session, by=person)
    assert set(fresh).isdisjoint(joined.recovery_codes)
    with pytest.raises(CodeNotValid):
        service.recover(database, _recover("맑은 나무", joined.recovery_codes[1]), now=NOON)
    assert service.recover(database, _recover("맑은 나무", fresh[1]), now=NOON)


# Devices


def test_devices_are_listed_with_the_latest_first_and_without_those_that_ended(
    database: Database,
) -> None:
    account_id = an_account(database)
    a_visit(database, account_id, now=NOON - timedelta(hours=1), shared=True)
    a_visit(database, account_id, now=NOON - timedelta(days=2))
    person = _person(database, a_visit(database, account_id, now=NOON))
    assert person is not None
    with database.reading() as session:
        shown = queries.devices(session, person, now=NOON)
    assert [(view.this_one, view.shared, view.last_seen_at) for view in shown] == [
        (True, False, NOON),
        (False, False, NOON - timedelta(days=2)),
    ]


def test_one_of_ones_own_devices_can_be_signed_out(database: Database) -> None:
    account_id = an_account(database)
    lost = a_visit(database, account_id, now=NOON)
    person = _person(database, a_visit(database, account_id, now=NOON))
    assert person is not None
    with database.reading() as session:
        [other] = [view for view in queries.devices(session, person, now=NOON) if not view.this_one]
    with database.writing() as session:
        service.sign_out_device(session, other.public_id, by=person)
    assert _person(database, lost) is None
    with database.writing() as session, pytest.raises(NotFound):
        service.sign_out_device(session, other.public_id, by=person)


def test_somebody_elses_device_is_not_found_and_stays(database: Database) -> None:
    me = a_person(database, now=NOON)
    owner = an_account(database)
    theirs = a_visit(database, owner, now=NOON)
    with database.reading() as session:
        public_id = session.scalars(
            select(Device.public_id).where(Device.account_id == owner)
        ).one()
    with database.writing() as session, pytest.raises(NotFound):
        service.sign_out_device(session, public_id, by=me)
    assert _person(database, theirs) is not None


def test_all_other_devices_of_mine_and_nobody_elses_can_be_signed_out(database: Database) -> None:
    account_id = an_account(database)
    tokens = [a_visit(database, account_id, now=NOON) for _turn in range(3)]
    stranger = a_visit(database, an_account(database), now=NOON)
    me = _person(database, tokens[1])
    assert me is not None
    with database.writing() as session:
        service.sign_out_others(session, by=me)
    assert [_person(database, token) is None for token in (*tokens, stranger)] == [
        True,
        False,
        True,
        False,
    ]


@pytest.mark.parametrize(
    ("shared", "idle"), [(True, timedelta(minutes=15)), (False, timedelta(days=90))]
)
def test_a_visit_ends_by_itself_when_it_was_idle(
    database: Database, *, shared: bool, idle: timedelta
) -> None:
    token = a_visit(database, an_account(database), now=NOON, shared=shared)
    assert _person(database, token, now=NOON + idle) is not None
    assert _person(database, token, now=NOON + idle + timedelta(seconds=1)) is None


def test_touching_a_visit_keeps_it_open(database: Database) -> None:
    token = a_visit(database, an_account(database), now=NOON, shared=True)
    later = NOON + timedelta(minutes=14)
    person = _person(database, token, now=later)
    assert person is not None
    assert person.needs_touch
    with database.writing() as session:
        service.touch(session, person, now=later)
    person = _person(database, token, now=later + timedelta(minutes=1))
    assert person is not None
    assert not person.needs_touch


def test_a_second_device_is_shown_until_its_owner_has_seen_it(database: Database) -> None:
    account_id = an_account(database)
    first = a_visit(database, account_id, now=NOON)
    person = _person(database, first)
    assert person is not None
    assert not person.unseen_devices
    second = a_visit(database, account_id, now=NOON)
    newcomer = _person(database, second)
    assert newcomer is not None
    assert not newcomer.unseen_devices, "nobody is warned of the sign-in that they have just made"
    person = _person(database, first)
    assert person is not None
    assert person.unseen_devices
    with database.writing() as session:
        service.acknowledge_devices(session, by=person)
    person = _person(database, first)
    assert person is not None
    assert not person.unseen_devices


def test_the_night_forgets_visits_that_ended_and_tallies_that_are_over(
    database: Database,
) -> None:
    account_id = an_account(database)
    for shared, ago in (
        (True, timedelta(minutes=16)),
        (True, timedelta(minutes=14)),
        (False, timedelta(days=91)),
        (False, timedelta(days=89)),
    ):
        a_visit(database, account_id, now=NOON - ago, shared=shared)
    tries.count_code_try(database, "192.0.2.1", now=NOON - timedelta(hours=1))
    tries.count_code_try(database, "192.0.2.1", now=NOON)
    with database.writing() as session:
        assert service.forget_old_visits(session, now=NOON) == 2
    assert _count(database, Device) == 2
    assert _count(database, Tally) == 1


def test_signing_out_ends_this_visit_only(database: Database) -> None:
    account_id = an_account(database)
    here, there = (a_visit(database, account_id, now=NOON) for _turn in range(2))
    person = _person(database, here)
    assert person is not None
    with database.writing() as session:
        service.sign_out(session, person)
    assert _person(database, here) is None
    assert _person(database, there) is not None


@pytest.mark.parametrize("token", ["", "nothing", "a" * 5000])
def test_a_token_that_was_never_given_is_nobody(database: Database, token: str) -> None:
    a_person(database, now=NOON)
    assert _person(database, token) is None


# One's own account


@pytest.mark.usefixtures("hasher")
def test_changing_the_password_signs_the_other_devices_out(database: Database) -> None:
    account_id = _joined(database).account_id
    here, there = (a_visit(database, account_id, now=NOON) for _turn in range(2))
    me = _person(database, here)
    assert me is not None
    service.change_password(database, ChangePassword(PASSWORD, OTHER_PASSWORD), by=me, now=NOON)
    assert _person(database, here) is not None
    assert _person(database, there) is None
    assert service.sign_in(database, _sign_in("맑은 나무", OTHER_PASSWORD), now=NOON)


@pytest.mark.usefixtures("hasher")
def test_the_old_password_must_be_right_and_the_new_one_good(database: Database) -> None:
    me = _person(database, a_visit(database, _joined(database).account_id, now=NOON))
    assert me is not None
    with pytest.raises(WrongNameOrPassword):
        service.change_password(
            database, ChangePassword("틀린 것", OTHER_PASSWORD), by=me, now=NOON
        )
    with pytest.raises(PasswordTooWeak):
        service.change_password(database, ChangePassword(PASSWORD, "12345678"), by=me, now=NOON)
    assert service.sign_in(database, _sign_in("맑은 나무"), now=NOON)


@pytest.mark.usefixtures("hasher")
def test_guessing_the_old_password_counts_like_guessing_at_the_door(database: Database) -> None:
    me = _person(database, a_visit(database, _joined(database).account_id, now=NOON))
    assert me is not None
    for _turn in range(10):
        with pytest.raises(WrongNameOrPassword):
            service.confirm_password(database, "틀린 것", by=me, now=NOON)
    with pytest.raises(TooManyTries):
        service.sign_in(database, _sign_in("맑은 나무"), now=NOON)


def test_a_nickname_can_be_changed_but_not_to_one_that_is_taken(database: Database) -> None:
    an_account(database, "푸른 연필")
    me = a_person(database, "맑은 나무", now=NOON)
    with database.writing() as session, pytest.raises(NicknameTaken):
        service.change_nickname(session, "푸른연필", by=me)
    with database.writing() as session:
        service.change_nickname(session, "맑은나무", by=me)
    with database.reading() as session:
        assert session.get_one(Account, me.account_id).nickname == "맑은나무"
        assert queries.is_taken(session, "맑은 나무")


def test_of_two_who_change_to_one_nickname_at_once_one_gets_it(database: Database) -> None:
    def change(person: Person) -> None:
        with database.writing() as session:
            service.change_nickname(session, "고운 우산", by=person)

    people = [a_person(database, now=NOON) for _turn in range(2)]
    results = _together(*(lambda person=person: change(person) for person in people))
    assert {type(result) for result in results} == {type(None), NicknameTaken}


def test_reading_switches_stay_on_the_account(database: Database) -> None:
    account_id = an_account(database)
    token = a_visit(database, account_id, now=NOON)
    me = _person(database, token)
    assert me is not None
    with database.writing() as session:
        service.choose_reading(session, by=me, language="en", large_text=True)
    changed = _person(database, token)
    assert changed == replace(me, language="en", large_text=True)


# Staff deeds


def _public_id(database: Database, account_id: int) -> str:
    with database.reading() as session:
        return session.get_one(Account, account_id).public_id


def test_an_administrator_sets_any_roles_and_the_deed_is_noted(database: Database) -> None:
    administrator = a_person(database, "", Role.ADMINISTRATOR, now=NOON)
    account_id = an_account(database)
    with database.writing() as session:
        service.set_roles(
            session,
            _public_id(database, account_id),
            [Role.AUTHOR, Role.MENTOR],
            by=administrator,
            now=NOON,
        )
    with database.reading() as session:
        assert session.get_one(Account, account_id).roles == ["mentor", "author"]
        entry = session.scalars(select(AuditEntry)).one()
        assert (entry.by_id, entry.about_id, entry.deed, entry.detail, entry.at) == (
            administrator.account_id,
            account_id,
            Deed.SET_ROLES.value,
            "mentor,author",
            NOON,
        )


@pytest.mark.parametrize(
    ("before", "after", "allowed"),
    [
        ([Role.LEARNER], [Role.LEARNER, Role.MENTOR], True),
        ([Role.LEARNER, Role.MENTOR], [Role.LEARNER], True),
        ([Role.LEARNER], [Role.AUTHOR], False),
        ([Role.LEARNER], [Role.LEARNER, Role.COORDINATOR], False),
        ([Role.LEARNER, Role.ADMINISTRATOR], [Role.LEARNER], False),
        ([Role.LEARNER, Role.AUTHOR], [Role.MENTOR, Role.AUTHOR], True),
    ],
)
def test_a_coordinator_changes_only_the_roles_they_may_give(
    database: Database, before: list[Role], after: list[Role], *, allowed: bool
) -> None:
    coordinator = a_person(database, "", Role.COORDINATOR, now=NOON)
    account_id = an_account(database, "", *before)
    public_id = _public_id(database, account_id)
    with database.writing() as session:
        if allowed:
            service.set_roles(session, public_id, after, by=coordinator, now=NOON)
        else:
            with pytest.raises(NotAllowed):
                service.set_roles(session, public_id, after, by=coordinator, now=NOON)
    with database.reading() as session:
        kept = session.get_one(Account, account_id).roles
    assert set(kept) == set(after if allowed else before)


def test_a_coordinator_cannot_make_themselves_administrator(database: Database) -> None:
    me = a_person(database, "", Role.COORDINATOR, now=NOON)
    with database.writing() as session, pytest.raises(NotAllowed):
        service.set_roles(
            session, me.public_id, [Role.COORDINATOR, Role.ADMINISTRATOR], by=me, now=NOON
        )


def test_a_coordinator_cannot_close_the_account_of_an_administrator(database: Database) -> None:
    coordinator = a_person(database, "", Role.COORDINATOR, now=NOON)
    an_account(database, "", Role.ADMINISTRATOR)
    target = _public_id(database, an_account(database, "", Role.ADMINISTRATOR))
    with database.writing() as session, pytest.raises(NotAllowed):
        service.set_suspended(session, target, suspended=True, by=coordinator, now=NOON)


@pytest.mark.usefixtures("hasher")
def test_closing_an_account_signs_it_out_and_opening_it_lets_it_in_again(
    database: Database,
) -> None:
    administrator = a_person(database, "", Role.ADMINISTRATOR, now=NOON)
    account_id = _joined(database).account_id
    token = a_visit(database, account_id, now=NOON)
    public_id = _public_id(database, account_id)
    with database.writing() as session:
        service.set_suspended(session, public_id, suspended=True, by=administrator, now=NOON)
    assert _person(database, token) is None
    with pytest.raises(WrongNameOrPassword):
        service.sign_in(database, _sign_in("맑은 나무"), now=NOON)
    with database.writing() as session:
        service.set_suspended(session, public_id, suspended=False, by=administrator, now=NOON)
    assert service.sign_in(database, _sign_in("맑은 나무"), now=NOON)
    with database.reading() as session:
        deeds = [view.deed for view in queries.deeds(session, about=account_id)]
    assert deeds == [Deed.REOPENED, Deed.SUSPENDED]


def test_a_visit_that_slipped_in_is_nobodys_while_the_account_is_closed(
    database: Database,
) -> None:
    account_id = an_account(database)
    token = a_visit(database, account_id, now=NOON)
    with database.writing() as session:
        session.get_one(Account, account_id).suspended = True
    assert _person(database, token) is None


def test_the_last_administrator_stays(database: Database) -> None:
    me = a_person(database, "", Role.ADMINISTRATOR, now=NOON)
    closed = an_account(database, "", Role.ADMINISTRATOR)
    with database.writing() as session:
        session.get_one(Account, closed).suspended = True
    with database.writing() as session, pytest.raises(LastAdministrator):
        service.set_roles(session, me.public_id, [Role.LEARNER], by=me, now=NOON)
    with database.writing() as session, pytest.raises(LastAdministrator):
        service.set_suspended(session, me.public_id, suspended=True, by=me, now=NOON)
    with database.writing() as session, pytest.raises(LastAdministrator):
        service.erase(session, me.account_id)
    an_account(database, "", Role.ADMINISTRATOR)
    with database.writing() as session:
        service.erase(session, me.account_id)
    assert _count(database, Account) == 2


def test_two_administrators_cannot_take_the_role_from_each_other_at_once(
    database: Database,
) -> None:
    one, other = (a_person(database, "", Role.ADMINISTRATOR, now=NOON) for _turn in range(2))

    def demote(by: Person, whom: Person) -> None:
        with database.writing() as session:
            service.set_roles(session, whom.public_id, [Role.LEARNER], by=by, now=NOON)

    results = _together(lambda: demote(one, other), lambda: demote(other, one))
    assert {type(result) for result in results} == {type(None), LastAdministrator}


def test_two_administrators_cannot_both_leave_at_once(database: Database) -> None:
    people = [a_person(database, "", Role.ADMINISTRATOR, now=NOON) for _turn in range(2)]

    def leave(person: Person) -> None:
        with database.writing() as session:
            service.erase(session, person.account_id)

    results = _together(*(lambda person=person: leave(person) for person in people))
    assert {type(result) for result in results} == {type(None), LastAdministrator}


def test_people_who_do_not_exist_are_not_found(database: Database) -> None:
    by = a_person(database, "", Role.ADMINISTRATOR, now=NOON)
    with database.writing() as session, pytest.raises(NotFound):
        service.set_roles(session, "nobody", [Role.LEARNER], by=by, now=NOON)
    with database.writing() as session, pytest.raises(NotFound):
        service.set_suspended(session, "nobody", suspended=True, by=by, now=NOON)


def test_inviting_and_withdrawing_are_noted_without_the_code(database: Database) -> None:
    by = a_person(database, "너른 마당", Role.ADMINISTRATOR, now=NOON)
    with database.writing() as session:
        code = service.invite(
            session, roles=[Role.LEARNER, Role.MENTOR], places=5, days=3, by=by, now=NOON
        )
    with database.reading() as session:
        [view] = queries.invitations(session)
    with database.writing() as session:
        service.withdraw_invitation(session, view.public_id, by=by, now=NOON)
    with database.reading() as session:
        lines = queries.deeds(session)
    assert [(line.by, line.about, line.deed, line.detail) for line in lines] == [
        ("너른 마당", "", Deed.WITHDREW_INVITATION, ""),
        ("너른 마당", "", Deed.INVITED, "learner,mentor × 5"),
    ]
    assert code not in str(lines)


def test_erasing_an_account_cuts_every_tie_and_leaves_others_alone(database: Database) -> None:
    administrator = a_person(database, "너른 마당", Role.ADMINISTRATOR, now=NOON)
    an_account(database, "", Role.ADMINISTRATOR)
    joined = _joined(database)
    with database.writing() as session:
        public_id = session.get_one(Account, joined.account_id).public_id
        service.set_roles(session, public_id, [Role.MENTOR], by=administrator, now=NOON)
        service.invite(session, roles=[Role.LEARNER], places=1, days=1, by=administrator, now=NOON)
    with database.writing() as session:
        service.erase(session, administrator.account_id)
    with database.reading() as session:
        assert {view.by for view in queries.deeds(session)} == {""}
        assert session.scalars(select(Invitation.made_by)).one() is None
    with database.writing() as session:
        service.erase(session, joined.account_id)
    with database.reading() as session:
        [left] = session.scalars(select(Account.id))
        assert set(session.scalars(select(RecoveryCode.account_id))) == {left}
    assert _count(database, Device) == 0
    with database.reading() as session:
        assert [view.deed for view in queries.deeds(session)] == [Deed.INVITED]


def test_people_are_listed_by_nickname_a_page_at_a_time(database: Database) -> None:
    for nickname in ("다람쥐", "가람", "나무"):
        an_account(database, nickname)
    with database.reading() as session:
        first = queries.people(session, limit=2)
        second = queries.people(session, after=first[-1].nickname_key, limit=2)
    assert [row.nickname for row in (*first, *second)] == ["가람", "나무", "다람쥐"]


@pytest.mark.usefixtures("hasher")
def test_whoever_runs_the_machine_sets_a_password_and_signs_everything_out(
    database: Database,
) -> None:
    token = a_visit(database, _joined(database).account_id, now=NOON)
    with database.writing() as session:
        assert service.set_password(session, "맑은나무", secrets.hash_password(OTHER_PASSWORD))
        assert not service.set_password(session, "아무도 아님", "x")
    assert _person(database, token) is None
    assert service.sign_in(database, _sign_in("맑은 나무", OTHER_PASSWORD), now=NOON)


def test_every_refusal_at_the_door_leaves_the_limits_of_the_rules_in_force() -> None:
    # The numbers people are promised in the help and in docs; changing one is a decision, not an accident.
    assert (timedelta(minutes=15), timedelta(days=90)) == (rules.SHARED_IDLE, rules.OWN_IDLE)
    assert [
        (kind.limit, kind.window)
        for kind in (
            tries.SIGN_IN_BY_ADDRESS,
            tries.SIGN_IN_BY_NICKNAME,
            tries.CODE_BY_ADDRESS,
            tries.RECOVERY_BY_NICKNAME,
        )
    ] == [
        (30, timedelta(minutes=15)),
        (10, timedelta(minutes=15)),
        (15, timedelta(minutes=15)),
        (10, timedelta(minutes=60)),
    ]


def test_many_people_may_sign_in_from_one_address(database: Database) -> None:
    person = a_person(database, now=NOON)
    command = service.SignIn(
        person.nickname, PASSWORD, shared=False, device_name="", address="10.0.0.1"
    )
    for _turn in range(tries.SIGN_IN_BY_ADDRESS.limit + 5):
        assert service.sign_in(database, command, now=NOON)


def test_good_tries_do_not_wash_bad_ones_away(database: Database) -> None:
    person = a_person(database, now=NOON)
    good = service.SignIn(
        person.nickname, PASSWORD, shared=False, device_name="", address="10.0.0.2"
    )
    for number in range(tries.SIGN_IN_BY_ADDRESS.limit):
        bad = service.SignIn(
            f"없는 사람 {number}", "아무 말", shared=False, device_name="", address="10.0.0.2"
        )
        with pytest.raises(WrongNameOrPassword):
            service.sign_in(database, bad, now=NOON)
    with pytest.raises(TooManyTries):
        service.sign_in(database, good, now=NOON)


@pytest.mark.parametrize("typed", ["솔방울 우산 등불", "thfqkddnf dntks emdqnf"])
def test_a_password_is_the_keys_that_are_pressed(typed: str) -> None:
    hashed = secrets.hash_password("솔방울 우산 등불")
    assert secrets.password_fits(typed, hashed)
    assert secrets.password_fits(unicodedata.normalize("NFD", typed), hashed)
    assert not secrets.password_fits("솔방울 우산 등대", hashed)
