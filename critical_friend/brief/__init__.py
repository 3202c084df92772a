"""The brief: a page or two about a case to take to a manager, as Markdown, as HTML and as a map."""

from critical_friend.brief.content import Brief, make
from critical_friend.brief.forms import FORMS, Form

__all__ = ["FORMS", "Brief", "Form", "make"]
