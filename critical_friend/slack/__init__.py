"""Critical Friend in Slack: one more client of the HTTP interface. Rasa stays private behind it."""
