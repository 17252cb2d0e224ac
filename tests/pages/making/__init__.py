"""Makes the corpus of saved pages: `python -m tests.pages.making` writes tests/pages/corpus/.

Every text here is ours. What must be read of a page is written down from the words that were put
into it; nothing in this folder imports the reader that is tested with it.
"""
