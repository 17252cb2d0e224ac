"""Document to assessment."""
