"""What the API's schema says about the API as a whole."""

DESCRIPTION = """\
Home try-on, galleries that friends vote on, and orders.

## Who you are

Send JSON to `POST /api/v1/auth/app/v1/auth/login` (or `…/signup`) and keep `meta.session_token`
of the answer. Send it with every later call as the header `X-Session-Token`. Without one, calls
that need it answer 401. The catalogue and what a friend's link opens need none. Pages of this site
may call the API by their session cookie, and then send Django's CSRF token with each change.

## Errors

Each failing call answers `application/problem+json` (RFC 9457): `code` is for programs and stays
as it is, `detail` is for people, `errors` names the fields where the input was at fault. Log-in
alone (`/api/v1/auth/`) answers in allauth's own shape, as stated there.

## Lists

Lists come in pages. Follow `next` until it is null; `page_size` may be up to 100.

## Once and once only

POSTs that move money or stock need an `Idempotency-Key`: a value of your own making, one a wish.
Sent again with the same body it gives the first answer again, with another body it answers 409.

## Money

An amount is a decimal number in a string beside its currency. No price, total or state is taken
from a client.
"""

TAGS = [
    {"name": "log-in", "description": "Making an account, logging in and out. By allauth."},
    {"name": "frames", "description": "The catalogue: lists, filters, search. For everybody."},
    {"name": "box", "description": "What a customer means to try at home."},
    {"name": "waitlist", "description": "Lines for frames that are all out, served in turn."},
    {"name": "trials", "description": "Frames that are on their way, at home, or back."},
    {"name": "addresses", "description": "Where parcels go."},
    {"name": "messages", "description": "What a customer is written to about, and how."},
    {"name": "cards", "description": "Saved cards. Their numbers go to Stripe and never here."},
    {"name": "photos", "description": "A customer's photos of herself in frames on trial."},
    {"name": "galleries", "description": "Trials shown to friends, and how they voted."},
    {
        "name": "shared",
        "description": "What a friend's link opens: no account, the token in the address.",
    },
    {"name": "bookmarks", "description": "Saved frames with tags: found, followed, made a box."},
    {"name": "circles", "description": "Small groups of people who save frames together."},
    {
        "name": "referrals",
        "description": "A customer's code, the friends she brought, and the code that brought her.",
    },
    {"name": "credit", "description": "What a customer earned and may use at the checkout."},
    {"name": "stylist", "description": "Questions about a trial or a gallery, and their answers."},
    {"name": "tests", "description": "Frames not released yet, and what testers say of them."},
    {"name": "ideas", "description": "What customers would like built, and votes for it."},
    {"name": "privacy", "description": "Erasing, exporting, and objections to photos."},
    {"name": "cart", "description": "What a customer means to buy."},
    {"name": "orders", "description": "What was bought, and its payment."},
    {"name": "staff: orders", "description": "Orders to be packed and sent."},
    {"name": "staff: fulfilment", "description": "Picking in batches, handing over to carriers."},
    {"name": "staff: trials", "description": "Approving, packing, shipping, checking in."},
    {"name": "staff: today", "description": "What waits, and what was done today."},
    {"name": "staff: search", "description": "Finding anything, and filters that are kept."},
    {
        "name": "staff: programmes",
        "description": "The terms of trials, in versions; managers publish them.",
    },
    {"name": "staff: notes", "description": "What colleagues noted, in circles of theirs."},
    {
        "name": "staff: stylist",
        "description": "Who waits for an answer, and how long answers took.",
    },
    {"name": "staff: ideas", "description": "Answering, merging and hiding ideas."},
    {"name": "staff: panels", "description": "Panels of testers, and what they said."},
    {"name": "staff: comments", "description": "What friends wrote and somebody reported."},
    {"name": "staff: damage", "description": "What is proposed to be charged for damage."},
    {"name": "staff: payments", "description": "Payments that payers dispute at their banks."},
    {"name": "staff: claims", "description": "Parcels lost, and what carriers make good."},
    {"name": "staff: units", "description": "Making, printing, repairing, counting demo frames."},
    {"name": "staff: charges", "description": "Amounts owed for frames; managers only."},
    {"name": "staff: referrals", "description": "Held referrals; managers decide on them."},
    {"name": "staff: privacy", "description": "Photos objected to, and letters to be erased."},
    {"name": "scorecard", "description": "What sharing went along with, in figures."},
]

# Several things have a state; in a client each has a type of its own.
ENUM_NAMES = {
    "FindingEnum": "trials.returns.models.inspections.Finding",
    "GradeEnum": "trials.units.models.Grade",
    "LabelReasonEnum": "trials.shipping.models.Because",
    "ThreadStateEnum": "sharing.stylist.states.ThreadState",
    "IdeaStateEnum": "sharing.ideas.states.IdeaState",
    "PanelStateEnum": "sharing.testers.states.PanelState",
    "TesterStateEnum": "sharing.testers.states.TesterState",
    "TestQuestionKindEnum": "sharing.testers.models.Kind",
    "IdeaAnswerStateEnum": "sharing.ideas.states.ANSWER_CHOICES",
    "CircleKindEnum": "sharing.circles.states.CircleKind",
    "CircleStateEnum": "sharing.circles.states.CircleState",
    "GalleryKindEnum": "sharing.galleries.states.GalleryKind",
    "OrderStateEnum": "shop.orders.states.OrderState",
    "RefundStateEnum": "shop.payments.models.Refund.State",
    "ExtensionGroundEnum": "trials.at_home.models.ExtensionKind",
    "SuggestionGroundEnum": "trials.home_trials.suggesting.Ground",
    "LookAnswerEnum": "trials.risk.models.LookAnswer",
    "HoldStateEnum": "shop.holds.models.Hold.State",
    "RiskOutcomeEnum": "trials.risk.models.Outcome",
    "ItemOutcomeEnum": "trials.home_trials.states.ItemOutcome",
    "TrialStateEnum": "trials.home_trials.states.TrialState",
    "WaitStateEnum": "trials.units.states.WaitState",
    "UnitStateEnum": "trials.units.states.UnitState",
    "BatchStateEnum": "trials.fulfilment.states.BatchState",
    "ManifestStateEnum": "trials.fulfilment.states.ManifestState",
    "ShipmentStateEnum": "trials.shipping.models.ShipmentState",
    "ClaimStateEnum": "trials.claims.states.ClaimState",
    "ProposalStateEnum": "trials.returns.states.ProposalState",
    "EvidenceStateEnum": "trials.evidence.models.EvidenceState",
    "BrokenDecisionEnum": "trials.reports.models.Decision",
    "ReportKindEnum": "trials.reports.models.ReportKind",
    "BoxNoteKindEnum": "trials.returns.models.inspections.BoxNote.Kind",
    "ChargeStateEnum": "trials.returns.states.ChargeState",
    "GalleryStateEnum": "sharing.galleries.states.GalleryState",
    "ResultEnum": "sharing.votes.states.ResultKind",
    "ReportStateEnum": "sharing.votes.states.ReportState",
    "ReferralStateEnum": "sharing.referrals.states.ReferralState",
    "PhotoStateEnum": "sharing.photos.models.PhotoState",
    "ErasureStateEnum": "sharing.privacy.states.ErasureState",
    "ExportStateEnum": "sharing.privacy.states.ExportState",
    "ObjectionStateEnum": "sharing.privacy.states.ObjectionState",
}
