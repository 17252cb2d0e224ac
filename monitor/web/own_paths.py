"""Where a sign-in may lead on to (pure)."""


def own_path(path: str) -> str:
    """Give back a path of this desk, and the first page for anything that leads elsewhere."""
    is_ours = path.startswith("/") and path.isprintable() and "\\" not in path
    return path if is_ours and not path.startswith("//") else "/"
