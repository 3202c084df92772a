"""Understanding of officials' own words: signals and intents.

``network`` goes by meaning, ``wording`` by words and letters, ``judging`` weighs both and says how sure
one may be; ``model`` puts them together. ``fitting`` is run seldom and by hand.
"""
