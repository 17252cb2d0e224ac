"""The corpus that the reader learns from; every sentence was written for the project."""
