"""The application: the nouns at the bottom, the ways in at the top."""
