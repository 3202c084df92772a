"""Critical Friend: reads a case of cross-agency work and advises on it.

The way of a message: ``understanding`` hears signals in it, ``case`` keeps them as evidence,
``reasoner`` reads the case by the rules in ``guidance``, ``dialogue`` turns the reading into replies.
``gateway`` and ``cli`` are the doors. Nothing in this package imports Rasa; Rasa's side is in
``assistant`` and ``actions``.
"""
