"""Supervised coding: codes learned from human codes (needs the extra `supervised`).

model.py trains and explains, features.py says what is read from an article, crossvalidation.py
measures how well it does on articles that it has not read.
"""
