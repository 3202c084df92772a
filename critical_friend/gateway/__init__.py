"""The HTTP interface: conversations, messages, transcripts. It stands before a private Rasa."""
