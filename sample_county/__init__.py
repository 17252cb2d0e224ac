"""A small invented county with four public sites, served on loopback; see `docs/sample-county.md`."""
