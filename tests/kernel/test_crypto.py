"""Sealed text opens with any key of the ring, and fingerprints give nothing away."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from academy.kernel import crypto
from academy.kernel.crypto import Keyring, Undecryptable
from academy.kernel.ids import PUBLIC_ID_LENGTH, is_client_id, new_public_id

KEY, OTHER = crypto.new_key(), crypto.new_key()

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=200)


def _ring(*keys: str, hash_key: str = "h") -> Keyring:
    ring = Keyring()
    ring.load(keys, hash_key=hash_key)
    return ring


@given(texts)
def test_what_is_sealed_opens_again(text: str) -> None:
    ring = _ring(KEY)
    sealed = ring.seal(text)
    assert ring.open(sealed) == text
    assert len(text) < 4 or text.encode() not in sealed


def test_the_same_text_is_sealed_differently_each_time() -> None:
    ring = _ring(KEY)
    assert ring.seal("말") != ring.seal("말")


@given(texts)
def test_after_rotation_the_new_key_alone_opens(text: str) -> None:
    sealed = _ring(KEY).seal(text)
    both = _ring(OTHER, KEY)
    assert both.open(sealed) == text
    assert _ring(OTHER).open(both.rotate(sealed)) == text


def test_a_key_that_does_not_fit_opens_nothing() -> None:
    sealed = _ring(KEY).seal("말")
    with pytest.raises(Undecryptable):
        _ring(OTHER).open(sealed)
    with pytest.raises(Undecryptable):
        _ring(OTHER).rotate(sealed)
    with pytest.raises(Undecryptable):
        _ring(KEY).open(sealed[:-2] + b"xx")


def test_bad_keys_and_no_keys_are_refused() -> None:
    with pytest.raises(ValueError, match="key is needed"):
        _ring()
    with pytest.raises(ValueError, match="32"):
        _ring("short")


def test_an_empty_ring_says_so_instead_of_working_without_keys() -> None:
    ring = Keyring()
    with pytest.raises(RuntimeError):
        ring.seal("말")
    with pytest.raises(RuntimeError):
        ring.fingerprint("code", "말")


@given(texts, texts)
def test_fingerprints_tell_texts_and_purposes_apart(one: str, other: str) -> None:
    ring = _ring(KEY)
    assert (ring.fingerprint("code", one) == ring.fingerprint("code", other)) == (one == other)
    assert ring.fingerprint("code", one) != ring.fingerprint("device", one)
    assert len(ring.fingerprint("code", one)) == 64


def test_without_the_hash_key_a_fingerprint_cannot_be_made_again() -> None:
    fingerprints = {_ring(KEY, hash_key=key).fingerprint("code", "ABCD") for key in ("a", "b", "c")}
    assert len(fingerprints) == 3


def test_public_ids_are_random_and_fit_an_address() -> None:
    ids = {new_public_id() for _turn in range(200)}
    assert len(ids) == 200
    assert {len(found) for found in ids} == {PUBLIC_ID_LENGTH}
    assert all(is_client_id(found) for found in ids)


@pytest.mark.parametrize(
    "text", ["", "short", "a" * 65, "with space", "한글한글한글한글", "a" * 8 + "\n"]
)
def test_what_no_browser_of_ours_makes_is_no_client_id(text: str) -> None:
    assert not is_client_id(text)
