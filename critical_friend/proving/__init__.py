"""Proofs about the rule set with an answer-set solver (clingo), and mutation of its rules.

Imports run one way: ``cases`` ← ``encoding`` ← ``solver`` ← ``properties`` ← ``proofs``, and ``cases`` ←
``expectations`` ← ``mutants`` ← ``mutation``. Nothing at run time imports this package.
"""
