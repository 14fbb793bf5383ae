"""Hashes: what is kept, what is renewed, and that nobody's password takes as long as somebody's."""

from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.passwords import AT_ONCE, DECOY, _context, hash_password, verify_password


@settings(max_examples=5)
@given(st.text(min_size=1, max_size=40))
def test_a_password_fits_its_own_hash_only(password):
    kept = hash_password(password)
    assert verify_password(password, kept) == (True, None)
    assert verify_password(password + "x", kept)[0] is False
    assert password not in kept or len(password) < 3


def test_argon2id_as_measured():
    assert hash_password("three rays").startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert AT_ONCE >= 1


def test_nobody_s_hash_is_made_like_everybody_s():
    assert not _context.needs_update(DECOY)
    assert verify_password("three rays", None) == (False, None)


def test_an_older_hash_is_renewed():
    old = _context.copy(argon2__memory_cost=1024).hash("three rays")
    fits, fresh = verify_password("three rays", old)
    assert fits
    assert fresh is not None
    assert not _context.needs_update(fresh)


def test_full_width_signs_are_the_same_signs():
    assert verify_password("ｔｈｒｅｅ　rays", hash_password("three rays"))[0]
