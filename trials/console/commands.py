"""Control barcodes: what a scanner says to a station instead of a button."""

from django.utils.translation import gettext_lazy as _

FINISH = "DO-FINISH"
REPRINT = "DO-REPRINT"
CANCEL = "DO-CANCEL"
HAND_OVER = "DO-HANDOVER"
CONTROL_CODES = {
    FINISH: _("Finish: close the box, make the labels, print; at a shelf, end the count"),
    REPRINT: _("Print again"),
    CANCEL: _("Leave this box"),
    HAND_OVER: _("Hand over the manifest on the screen"),
}
