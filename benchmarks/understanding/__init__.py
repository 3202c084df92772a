"""Measures understanding on texts it has not seen, beside two baselines on the same data."""
