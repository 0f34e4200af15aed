"""Runs what is due by the sandbox's clock: holds that lapse, refunds that arrive late."""

from shop.payments.sandbox import jobs, payments, refunds
from shop.payments.sandbox.calls import Call


def advance(call: Call, seconds: int) -> int:
    """Move the clock ahead and run what became due. Gives the new time."""
    now = call.clock.advance(call.tx, seconds)
    run_due(call)
    return now


def run_due(call: Call) -> None:
    """Run every job whose time has come."""
    for action, object_id in jobs.take_due(call.tx, call.now):
        match action:
            case "lapse":
                payments.lapse(call, object_id)
            case "refund_succeeds":
                refunds.settle(call, object_id, success=True)
            case "refund_fails":
                refunds.settle(call, object_id, success=False)
