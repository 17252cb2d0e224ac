"""Source to page to document."""
