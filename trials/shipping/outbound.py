"""What a customer is told of the parcel in which her box comes."""

from shop.foundation.postgres.queries import PreparedValues, Slot
from trials.home_trials.models import Trial
from trials.home_trials.parcels import OutboundParcel
from trials.shipping.models import Leg, Shipment, ShipmentState
from trials.shipping.queries import ASSUMED


def parcel_out(trial: Trial) -> OutboundParcel | None:
    """Return the parcel of a trial on its way out, and what its carrier last said: one query.

    What the shop itself took for so, because the carrier was silent, is not told as its word.

    Args:
        trial: one without labels has none.
    """
    rows = _NEWS.rows(trial=trial.pk)
    if not rows:
        return None
    service, number, url, judged = rows[0][:4]
    parcel = OutboundParcel(carrier=_carrier(service), number=number, url=url)
    told = [each for each in rows if each[4] not in (None, ASSUMED)]
    heard = [each for each in told if each[5] != ShipmentState.LABELLED]
    if not heard:
        return parcel
    _event, status, heard_of, words = heard[-1][4:]
    # What is sent back is that for good, and "delivered" means here from then on.
    state = ShipmentState.SENT_BACK if judged == ShipmentState.SENT_BACK else ShipmentState(status)
    return OutboundParcel(
        carrier=parcel.carrier,
        number=number,
        url=url,
        state=state,
        state_words=state.label,
        heard=words,
        heard_of=heard_of,
    )


def _carrier(service: str) -> str:
    """Return whom a parcel goes with: some carriers name their service as themselves."""
    carrier, _space, named = service.partition(" ")
    return carrier if carrier == named else service


_NEWS = PreparedValues(
    lambda: (
        Shipment.objects.filter(trial_id=Slot("trial"), leg=Leg.OUTBOUND)
        .order_by("tracking__occurred_at", "tracking__pk")
        .values_list(
            *("service", "tracking_number", "tracking_url", "state"),
            *("tracking__carrier_event_id", "tracking__status"),
            *("tracking__occurred_at", "tracking__description"),
        )
    )
)
