"""Takes personal information out of what people type, before it is stored, logged or sent on.

What rests on a library: telephone numbers (phonenumbers, Google's rules for New Zealand), lists of
given names and surnames (Faker, with Māori and Pacific names in its New Zealand part), everyday
words (english-words) and the recognition of names (spaCy, which Rasa's side uses as well). The rules
that weigh these, and the forms that are New Zealand's own (NHI, IRD, addresses), are here.

Not used: presidio-analyzer, because its kept versions ask for pydantic 2 while Rasa holds 1.10; the
last one before that (2.2.360) knows no New Zealand forms, finds names by the same spaCy model
alone, and its e-mail check goes to the network for a list of domains. scrubadub would change the
versions of pytz and regex that are installed, and has not been kept up since 2023.
"""

from critical_friend.personal.mask import Masked, Masker

__all__ = ["Masked", "Masker"]
