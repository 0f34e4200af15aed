"""The door by which Django's admin finds the rooms' registrations."""

import sharing.testers.admin

__all__ = ["sharing"]
