"""Control barcodes: what a scanner says to a station instead of a button."""

from django.utils.translation import gettext_lazy as _

FINISH = "DO-FINISH"
REPRINT = "DO-REPRINT"
CANCEL = "DO-CANCEL"
HAND_OVER = "DO-HANDOVER"
BATCH = "DO-BATCH"
NOT_THERE = "DO-NOT-THERE"
MANIFEST = "DO-MANIFEST"
CONTROL_CODES = {
    BATCH: _("Make a batch of the next boxes"),
    NOT_THERE: _("Not there: the next unit of the walk; scan it twice"),
    FINISH: _("Finish: close the box, make the labels, print; at a shelf, end the count"),
    REPRINT: _("Print again"),
    CANCEL: _("Leave this box, batch or manifest"),
    MANIFEST: _("Open a manifest"),
    HAND_OVER: _("Hand over the manifest on the screen, or an order’s parcel without a number"),
}
