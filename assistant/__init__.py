"""What is plugged into Rasa: the input channel, the understanding component, the tracker store."""
