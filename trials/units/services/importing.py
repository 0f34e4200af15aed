"""Units that have their labels already, made from a file that was looked at before."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

from django.core.signing import BadSignature, Signer
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.db.models.functions import Upper
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from shop.catalogue.models import Variant
from shop.customers.models import User
from trials.units.errors import NotAsSeenError
from trials.units.models import Grade, TrialUnit, UnitMovement
from trials.units.services.promising import promise
from trials.units.states import UnitState
from trials.units.unit_file import FileLine, Trouble, read_units

AT_ONCE = 1000
IMPORTED = gettext_noop("Imported from a file.")


@dataclass(frozen=True)
class ImportOutlook:
    """What would come of importing a file.

    Attributes:
        lines: each with the variant it names; those in which something is wrong left out.
        troubles: numbers of the lines by what is wrong in them; with any, nothing is imported.
    """

    lines: Sequence[tuple[FileLine, int]]
    troubles: Mapping[Trouble, Sequence[int]]

    @property
    def units(self) -> int:
        """How many units would be made; none while something is wrong."""
        return 0 if self.troubles else len(self.lines)

    @property
    def to_repair(self) -> int:
        """How many of them go to repair, for nobody is to be shown them."""
        return 0 if self.troubles else sum(line.grade == Grade.D for line, _pk in self.lines)

    @property
    def variants(self) -> int:
        """Of how many variants they are."""
        return 0 if self.troubles else len({variant for _line, variant in self.lines})

    @property
    def seen(self) -> str:
        """Return what says that this very outlook was looked at; empty while something is wrong."""
        return "" if self.troubles else _signer().signature(_digest(self.lines))


def foresee_import(*, text: str) -> ImportOutlook:
    """Return what would come of importing a file; changes nothing.

    Args:
        text: of a CSV file, as ``unit_file`` reads it.

    Raises:
        UnitFileError: it is no such file.
    """
    file = read_units(text)
    variants = _variants(line.sku for line in file.lines)
    taken = _taken(line.barcode for line in file.lines)
    troubles = defaultdict(list, file.troubles)
    for line in file.lines:
        if line.sku not in variants:
            troubles[Trouble.UNKNOWN_SKU].append(line.number)
        if line.barcode in taken:
            troubles[Trouble.BARCODE_TAKEN].append(line.number)
    wrong = {number for numbers in troubles.values() for number in numbers}
    lines = [(each, variants[each.sku]) for each in file.lines if each.number not in wrong]
    return ImportOutlook(lines, {each: troubles[each] for each in Trouble if each in troubles})


def import_units(*, text: str, seen: str, by: User) -> list[TrialUnit]:
    """Make the units of a file, all or none, the first of each for those who wait for one.

    What is graded D goes to repair, the rest on its shelf.

    Args:
        text: of the file.
        seen: the ``seen`` of its outlook that was looked at.
        by: who imports it.

    Raises:
        UnitFileError: it is no such file.
        NotAsSeenError: not this was looked at, or it would do something else by now, such as
            nothing because a barcode was taken meanwhile.
    """
    with transaction.atomic():
        outlook = foresee_import(text=text)
        if outlook.troubles or not _was_seen(outlook, seen):
            raise _not_as_seen()
        # In one order for all, so that two files with the same barcodes wait for each other once.
        lines = sorted(outlook.lines, key=lambda each: each[0].barcode)
        try:
            with transaction.atomic():
                units = TrialUnit.objects.bulk_create(
                    [_unit(line, variant) for line, variant in lines], batch_size=AT_ONCE
                )
        except IntegrityError as error:
            raise _not_as_seen() from error
        UnitMovement.objects.bulk_create(
            [
                UnitMovement(
                    subject=unit,
                    from_state="",
                    to_state=unit.state,
                    actor=by,
                    reason=IMPORTED,
                    location=unit.location,
                    grade=unit.grade,
                )
                for unit in units
            ],
            batch_size=AT_ONCE,
        )
        promise([unit for unit in units if unit.state == UnitState.AVAILABLE])
        return units


def _unit(line: FileLine, variant_id: int) -> TrialUnit:
    return TrialUnit(
        barcode=line.barcode,
        variant_id=variant_id,
        location=line.location,
        grade=line.grade,
        state=UnitState.REPAIR if line.grade == Grade.D else UnitState.AVAILABLE,
    )


def _variants(skus: Iterable[str]) -> dict[str, int]:
    """Return the variants of SKUs as the file writes them, large or small.

    Of two that differ in that alone, the one that is written so.
    """
    exact: dict[str, int] = {}
    alike: dict[str, set[int]] = defaultdict(set)
    wanted = set(skus)
    for some in _in_parts(wanted):
        capitals = [sku.upper() for sku in some]
        rows = Variant.objects.annotate(capitals=Upper("sku")).order_by()
        meant = rows.filter(Q(sku__in=some) | Q(capitals__in=capitals))
        for sku, key in meant.values_list("sku", "pk"):
            exact[sku] = key
            alike[sku.upper()].add(key)
    for sku in wanted - exact.keys():
        if len(keys := alike[sku.upper()]) == 1:
            exact[sku] = next(iter(keys))
    return exact


def _taken(barcodes: Iterable[str]) -> set[str]:
    taken: set[str] = set()
    for some in _in_parts(set(barcodes)):
        units = TrialUnit.objects.filter(barcode__in=some).order_by()
        taken.update(units.values_list("barcode", flat=True))
    return taken


def _in_parts(things: set[str]) -> Iterator[list[str]]:
    ordered = sorted(things)
    for begin in range(0, len(ordered), AT_ONCE):
        yield ordered[begin : begin + AT_ONCE]


def _not_as_seen() -> NotAsSeenError:
    return NotAsSeenError(
        _("Nothing was imported: this is not what you looked at, or it has changed. Look again.")
    )


def _was_seen(outlook: ImportOutlook, seen: str) -> bool:
    signer = _signer()
    try:
        signer.unsign(f"{_digest(outlook.lines)}{signer.sep}{seen}")
    except BadSignature:
        return False
    return True


def _digest(lines: Sequence[tuple[FileLine, int]]) -> str:
    digest = sha256()
    for line, variant in lines:
        digest.update(f"{line.barcode}\n{variant}\n{line.location}\n{line.grade}\n".encode())
    return digest.hexdigest()


def _signer() -> Signer:
    return Signer(salt="unit-import")
