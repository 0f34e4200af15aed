"""Who may pick, pack and hand over: rows of the table (``tests.access.table``)."""

from tests.access.routes import Route, staff

FULFILMENT: dict[str, Route] = {
    "api-staff-batches": staff(),
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
