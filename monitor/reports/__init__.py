"""Decide what a week's counts say: figures, sentences made from them, tables. All of it pure."""
