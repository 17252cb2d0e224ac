"""One-time codes, of which only the hash is stored."""

import hashlib


def hash_code(code: str) -> str:
    """Hash a one-time sign-in or a calendar's address; the code itself is never stored."""
    return hashlib.sha256(code.encode()).hexdigest()
