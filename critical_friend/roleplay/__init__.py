"""Rehearsals: trainers' scripts in YAML, the play by them, matching by meaning, debriefs and reports."""
