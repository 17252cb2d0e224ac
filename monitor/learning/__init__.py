"""Learning from reviewers: candidates and their page, the working reader, and drift."""
