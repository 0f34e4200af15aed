"""Who may pick, pack and hand over: rows of the table (``tests.access.table``)."""

from tests.access.routes import Route, staff

# A parcel named in the body that is not there.
NOTHING_NAMED = (404,)

FULFILMENT_PAGES: dict[str, Route] = {
    "console:control_barcodes": staff(),
    "console:pack_order": staff("order"),
    "console:pack_order_slip": staff("order"),
    "console:batch_list": staff(),
    "console:to_ship": staff(),
    "console:batch_make": staff(),
    "console:batch": staff("batch"),
    "console:batch_pdf": staff("batch"),
    "console:batch_not_found": staff("batch"),
    "console:batch_cancel": staff("batch"),
    "console:manifest_list": staff(),
    "console:manifest_open": staff(),
    "console:manifest": staff("manifest", also=NOTHING_NAMED),
    "console:manifest_pdf": staff("manifest"),
    "console:manifest_close": staff("manifest"),
    "console:manifest_remove": staff("manifest", also=NOTHING_NAMED),
    "console:parcel_list": staff(),
}

FULFILMENT_API: dict[str, Route] = {
    "api-staff-order-slip": staff("order"),
    "api-staff-parcels": staff(),
    "api-staff-batches": staff(),
    "api-staff-to-ship": staff(),
    "api-staff-batch": staff("batch"),
    "api-staff-pick-list": staff("batch"),
    "api-staff-pick": staff("batch"),
    "api-staff-not-found": staff("batch"),
    "api-staff-cancel-batch": staff("batch"),
    "api-staff-manifests": staff(),
    "api-staff-manifest": staff("manifest"),
    "api-staff-manifest-paper": staff("manifest"),
    "api-staff-manifest-parcels": staff("manifest"),
    "api-staff-manifest-parcel": staff("manifest", "parcel"),
    "api-staff-close-manifest": staff("manifest"),
}
