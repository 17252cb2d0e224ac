"""A small invented county with four public sites; see `docs/sample-county.md`."""
