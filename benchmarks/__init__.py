"""Measurements: of understanding (``make eval``) and of speed (``make bench``)."""
