"""``python -m critical_friend``: the command ``critical-friend``."""

from critical_friend.cli import main

main(prog_name="critical-friend")
