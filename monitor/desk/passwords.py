"""How passwords are kept."""

from argon2 import PasswordHasher

HASHER = PasswordHasher()
"""argon2id with the library's parameters (RFC 9106, low memory)."""


def hash_password(password: str) -> str:
    """Hash a password with argon2id."""
    return HASHER.hash(password)
