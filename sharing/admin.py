"""The door by which Django's admin finds the rooms' registrations."""

import sharing.privacy.admin
import sharing.referrals.admin
import sharing.testers.admin

__all__ = ["sharing"]
