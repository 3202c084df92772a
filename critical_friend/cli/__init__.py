"""The command ``critical-friend``."""

from critical_friend.cli.main import main

__all__ = ["main"]
