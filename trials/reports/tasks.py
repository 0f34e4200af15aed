"""What this room tells lower ones of what it heard."""

from trials.at_home.sent_back import register_sent_back
from trials.reports.queries import is_said_sent

register_sent_back("reports", said_sent=is_said_sent)
