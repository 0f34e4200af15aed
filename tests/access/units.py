"""The table's rows of units, counts and lines."""

from tests.access.routes import NOTHING_NAMED, WRITES_OFF, Route, customers, managers, staff

UNITS_PAGES: dict[str, Route] = {
    "console:count": staff("count"),
    "console:count_accept": staff("finished_count"),
    "console:count_abandon": staff("count"),
    "console:count_csv": staff("count"),
    "console:count_decide": staff("count"),
    "console:count_finish": staff("count"),
    "console:count_list": staff(),
    "console:put_back": staff(),
    "console:unit": staff("barcode"),
    "console:unit_act": staff("barcode", "unit_act"),
    "console:unit_labels": staff(),
    "console:shelf_labels": staff(),
    "console:unit_list": staff(),
    "console:unit_new": staff(),
    "console:waitlist": staff(),
    "trials:waitlist": customers(),
    "trials:waitlist_join": customers(also=NOTHING_NAMED),
    "trials:waitlist_leave": customers(also=NOTHING_NAMED),
}

UNITS_API: dict[str, Route] = {
    "api-staff-count": staff("count"),
    "api-staff-count-abandon": staff("count"),
    "api-staff-count-accept-all": staff("finished_count"),
    "api-staff-count-findings": staff("count"),
    "api-staff-count-finish": staff("count"),
    "api-staff-count-scan": staff("count"),
    "api-staff-counts": staff(),
    "api-staff-finding-accept": staff("finished_count", "line", also=WRITES_OFF),
    "api-staff-finding-dismiss": staff("finished_count", "line"),
    "api-staff-shelf-labels": staff(),
    "api-staff-unit": staff("barcode"),
    "api-staff-unit-back": staff("barcode"),
    "api-staff-unit-labels": staff(),
    "api-staff-unit-put-away": staff("barcode"),
    "api-staff-unit-repair": staff("barcode"),
    "api-staff-unit-retire": managers("barcode"),
    "api-staff-unit-write-off": managers("barcode"),
    "api-staff-units": staff(also=NOTHING_NAMED),
    "api-staff-units-to-put-back": staff(),
    "api-staff-waitlist": staff(),
    "api-wait": customers("variant"),
    "api-waitlist": customers(),
}
