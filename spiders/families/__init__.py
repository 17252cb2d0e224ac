"""One adapter for each software that sites run: pages in, list rows and documents out."""
