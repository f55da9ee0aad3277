"""Supervised coding: codes learned from human codes (needs framebook[supervised])."""
