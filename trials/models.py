"""The door by which Django finds the models; code imports the rooms' own modules."""

from trials.at_home.models import Extension, ExtensionGift
from trials.claims.models import Claim, ClaimTransition
from trials.console.models import SavedFilter
from trials.costs.models import CostRates, TrialCost
from trials.evidence.models import EvidencePhoto
from trials.fulfilment.models import (
    Manifest,
    ManifestParcel,
    ManifestTransition,
    Pick,
    PickBatch,
    PickBatchTransition,
    PickTote,
    UnitNotFound,
)
from trials.home_trials.models import Box, BoxItem, Trial, TrialItem, TrialTransition
from trials.programme.models import Programme, ProgrammeVersion
from trials.reports.models import CustomerReport
from trials.returns.models.charges import ChargeAttempt, ChargeTransition, Notice, TrialCharge
from trials.returns.models.damage import ChargeProposal, FurtherObjection, ProposalTransition
from trials.returns.models.inspections import BoxNote, Inspection, VerdictCorrection
from trials.risk.models import RiskDecision, RiskRule, SecondLook
from trials.shipping.models import Shipment, TrackingEvent
from trials.swaps.models import FrameSwap
from trials.units.models import (
    CountedUnit,
    CountTransition,
    TrialUnit,
    Turnaround,
    TurnedAway,
    UnitCount,
    UnitMovement,
    WaitlistEntry,
    WaitlistTransition,
)

__all__ = [
    "Box",
    "BoxItem",
    "BoxNote",
    "ChargeAttempt",
    "ChargeProposal",
    "ChargeTransition",
    "Claim",
    "ClaimTransition",
    "CostRates",
    "CountTransition",
    "CountedUnit",
    "CustomerReport",
    "EvidencePhoto",
    "Extension",
    "ExtensionGift",
    "FrameSwap",
    "FurtherObjection",
    "Inspection",
    "Manifest",
    "ManifestParcel",
    "ManifestTransition",
    "Notice",
    "Pick",
    "PickBatch",
    "PickBatchTransition",
    "PickTote",
    "Programme",
    "ProgrammeVersion",
    "ProposalTransition",
    "RiskDecision",
    "RiskRule",
    "SavedFilter",
    "SecondLook",
    "Shipment",
    "TrackingEvent",
    "Trial",
    "TrialCharge",
    "TrialCost",
    "TrialItem",
    "TrialTransition",
    "TrialUnit",
    "Turnaround",
    "TurnedAway",
    "UnitCount",
    "UnitMovement",
    "UnitNotFound",
    "VerdictCorrection",
    "WaitlistEntry",
    "WaitlistTransition",
]
