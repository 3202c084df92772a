"""Times of a reading and of choosing a question, beside other engines with the same rules, in one run."""
