"""Frames that have their labels already become units by one file, all of them or none."""

from functools import partial

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shop.foundation.invariants import all_invariants, breaches
from tests.at_once import at_once
from tests.factories.shop import StaffFactory, UserFactory, VariantFactory
from tests.factories.trials import TrialUnitFactory
from trials.units.errors import NotAsSeenError, UnitFileError
from trials.units.models import TrialUnit, UnitMovement
from trials.units.services.importing import foresee_import, import_units
from trials.units.services.making import create_units
from trials.units.services.waiting import join_waitlist
from trials.units.states import UnitState, WaitState
from trials.units.unit_file import MOST_BYTES, MOST_LINES, Trouble, decoded, read_units

pytestmark = pytest.mark.django_db
HEAD = "sku,barcode,shelf,grade\n"


def _imported(text: str) -> list[TrialUnit]:
    return import_units(text=text, seen=foresee_import(text=text).seen, by=StaffFactory())


def test_each_line_becomes_a_unit_with_its_own_barcode_and_a_first_move_that_says_who() -> None:
    one, other, ops = VariantFactory(sku="ADA-48"), VariantFactory(sku="IDA-50"), StaffFactory()
    text = HEAD + "ADA-48,F-00421,b2,A\nida-50, f-00422 ,C4,b\nADA-48,F-00423,,\n"
    outlook = foresee_import(text=text)
    assert (outlook.units, outlook.variants, outlook.to_repair) == (3, 2, 0)
    assert not TrialUnit.objects.exists()

    import_units(text=text, seen=outlook.seen, by=ops)

    made = TrialUnit.objects.order_by("barcode").values_list(
        "barcode", "variant", "location", "grade", "state"
    )
    assert list(made) == [
        ("F-00421", one.pk, "B2", "A", "available"),
        ("F-00422", other.pk, "C4", "B", "available"),
        ("F-00423", one.pk, "", "A", "available"),
    ]
    moves = UnitMovement.objects.filter(from_state="", to_state="available", actor=ops)
    assert moves.count() == 3


@pytest.mark.parametrize(
    "content",
    [
        b"barcode;grade;sku;shelf\r\nF-00421;B;ADA-48;B2\r\n",
        b"\xef\xbb\xbfSKU,Barcode,Shelf,Grade\nADA-48,F-00421,B2,B\n",
        b'grade,shelf,barcode,sku\n\nB,"B2","F-00421",ADA-48',
    ],
)
def test_columns_stand_in_any_order_divided_as_spreadsheets_do(content: bytes) -> None:
    VariantFactory(sku="ADA-48")

    (unit,) = _imported(decoded(content))

    assert (unit.barcode, unit.location, unit.grade) == ("F-00421", "B2", "B")


@pytest.mark.parametrize(
    ("line", "trouble"),
    [
        ("NO-SUCH,F-00421,B2,A", Trouble.UNKNOWN_SKU),
        (",F-00421,B2,A", Trouble.UNKNOWN_SKU),
        ("ADA-48,,B2,A", Trouble.BARCODE_UNREADABLE),
        ("ADA-48,1,B2,A", Trouble.BARCODE_UNREADABLE),
        ("ADA-48,F/00421,B2,A", Trouble.BARCODE_UNREADABLE),
        ("ADA-48,BRILLE-Ä,B2,A", Trouble.BARCODE_UNREADABLE),
        (f"ADA-48,{'F' * 41},B2,A", Trouble.BARCODE_UNREADABLE),
        ("ADA-48,-00421,B2,A", Trouble.BARCODE_UNREADABLE),
        ("ADA-48,LG123456789,B2,A", Trouble.BARCODE_OURS),
        ("ADA-48,lgs-b2,B2,A", Trouble.BARCODE_OURS),
        ("ADA-48,do-finish,B2,A", Trouble.BARCODE_OURS),
        ("ADA-48,CHECK-A,B2,A", Trouble.BARCODE_OURS),
        ("ADA-48,B12-3,B2,A", Trouble.BARCODE_OURS),
        ("ADA-48,T-7K3M9Q2,B2,A", Trouble.BARCODE_OURS),
        ("ADA-48,L-7K3M9Q2T,B2,A", Trouble.BARCODE_OURS),
        ("ADA-48,taken-1,B2,A", Trouble.BARCODE_TAKEN),
        ("ADA-48,TWICE,B2,A", Trouble.BARCODE_TWICE),
        ("ADA-48,F-00421,B2,E", Trouble.GRADE_UNKNOWN),
        (f"ADA-48,F-00421,{'B' * 21},A", Trouble.SHELF_TOO_LONG),
        ("ADA-48,4242424242424242,B2,A", Trouble.CARD_NUMBER),
        ("ADA-48,F-00421,4242 4242 4242 4242,A", Trouble.CARD_NUMBER),
        ("ADA-48,F-00421,B2,A,more", Trouble.FIELDS),
    ],
)
def test_one_wrong_line_is_named_and_nothing_of_the_file_is_made(
    line: str, trouble: Trouble
) -> None:
    VariantFactory(sku="ADA-48")
    TrialUnitFactory(barcode="TAKEN-1")
    text = f"{HEAD}ADA-48,GOOD-1,B2,A\nADA-48,TWICE,B2,A\n{line}\n"

    outlook = foresee_import(text=text)

    lines = [3, 4] if trouble == Trouble.BARCODE_TWICE else [4]
    assert outlook.troubles == {trouble: lines}
    assert (outlook.units, outlook.seen) == (0, "")
    with pytest.raises(NotAsSeenError):
        import_units(text=text, seen=outlook.seen, by=StaffFactory())
    assert TrialUnit.objects.count() == 1


@pytest.mark.parametrize(
    "text",
    [
        "",
        HEAD,
        "sku,shelf\nADA-48,B2\n",
        "sku,barcode,colour\nADA-48,F-00421,red\n",
        "sku,barcode,sku\nADA-48,F-00421,ADA-48\n",
        HEAD + 'ADA-48,"F-00421\n',
        HEAD + "ADA-48,F-00421,B2,A\n" * (MOST_LINES + 1),
        HEAD + " " * MOST_BYTES,
    ],
)
def test_what_is_no_file_of_units_is_refused_as_a_whole(text: str) -> None:
    with pytest.raises(UnitFileError):
        read_units(text)


def test_a_file_in_another_encoding_is_refused_in_words() -> None:
    with pytest.raises(UnitFileError, match="UTF-8"):
        decoded("sku,barcode,shelf\nADA-48,F-00421,Süd".encode("latin-1"))


@pytest.mark.parametrize("other", ["ADA-48,F-00422,B2,A\n", "ADA-48,F-00421,B3,A\n"])
def test_only_what_was_looked_at_is_imported(other: str) -> None:
    VariantFactory(sku="ADA-48")
    seen = foresee_import(text=HEAD + "ADA-48,F-00421,B2,A\n").seen

    for sent in (seen, "", "forged"):
        with pytest.raises(NotAsSeenError):
            import_units(text=HEAD + other, seen=sent, by=StaffFactory())
    assert not TrialUnit.objects.exists()


def test_nothing_is_imported_once_the_file_would_do_something_else() -> None:
    ada, ida = VariantFactory(sku="ADA-48"), VariantFactory(sku="IDA-50")
    text = HEAD + "ADA-48,F-00421,B2,A\nADA-48,F-00422,B2,A\n"
    seen = foresee_import(text=text).seen
    type(ada).objects.filter(pk=ada.pk).update(sku="OLD")
    type(ada).objects.filter(pk=ida.pk).update(sku="ADA-48")

    with pytest.raises(NotAsSeenError):
        import_units(text=text, seen=seen, by=StaffFactory())
    seen = foresee_import(text=text).seen
    TrialUnitFactory(barcode="F-00422")
    with pytest.raises(NotAsSeenError):
        import_units(text=text, seen=seen, by=StaffFactory())
    assert TrialUnit.objects.count() == 1


def test_what_is_not_to_be_shown_goes_to_repair_and_serves_nobody() -> None:
    variant = VariantFactory(sku="ADA-48")
    entry = join_waitlist(user=UserFactory(), variant_id=variant.pk)

    _imported(HEAD + "ADA-48,F-00421,B2,d\n")

    unit = TrialUnit.objects.get()
    assert (unit.state, unit.grade) == (UnitState.REPAIR, "D")
    entry.refresh_from_db()
    assert entry.state == WaitState.WAITING
    assert not [breach for each in all_invariants() for breach in breaches(each)]


def test_who_waits_is_served_by_an_import() -> None:
    variant = VariantFactory(sku="ADA-48")
    first, second, third = (
        join_waitlist(user=UserFactory(), variant_id=variant.pk) for _each in range(3)
    )

    _imported(HEAD + "ADA-48,F-00421,B2,A\nADA-48,F-00422,B2,A\n")

    for entry, state in ((first, "held"), (second, "held"), (third, "waiting")):
        entry.refresh_from_db()
        assert entry.state == state
    assert not TrialUnit.objects.filter(held_for=None).exists()


def test_a_thousand_lines_more_cost_as_many_statements_whatever_is_in_them() -> None:
    skus = [VariantFactory().sku for _each in range(20)]

    def asked(begin: int, lines: int) -> int:
        numbers = range(begin, begin + lines)
        text = HEAD + "".join(f"{skus[each % 20]},F-{each:06},B2,A\n" for each in numbers)
        with CaptureQueriesContext(
            connection,
        ) as asked_for:
            _imported(text)
        return len(asked_for)

    assert asked(0, 10) == asked(1000, 1000)
    assert asked(10_000, 2000) - asked(20_000, 1000) <= 6


def test_units_made_here_still_get_barcodes_that_no_import_takes() -> None:
    variant = VariantFactory(sku="ADA-48")
    (unit,) = create_units(variant_id=variant.pk, count=1)

    outlook = foresee_import(text=f"{HEAD}ADA-48,{unit.barcode},B2,A\n")

    assert set(outlook.troubles) == {Trouble.BARCODE_OURS, Trouble.BARCODE_TAKEN}


@pytest.mark.django_db(transaction=True)
def test_of_two_files_with_a_barcode_in_common_one_is_imported_whole() -> None:
    VariantFactory(sku="ADA-48")
    begin, end = "ADA-48,F-1000,B2,A\n", "ADA-48,F-9000,B2,A\n"
    texts = [f"{HEAD}{begin}ADA-48,F-5000,B2,A\n{end}", f"{HEAD}{end}ADA-48,F-6000,B2,A\n{begin}"]
    seen, ops = [foresee_import(text=text).seen for text in texts], StaffFactory()
    acts = [
        partial(import_units, text=text, seen=each, by=ops)
        for text, each in zip(texts, seen, strict=True)
    ]

    results = at_once(acts, expected=NotAsSeenError)

    assert sum(isinstance(each, NotAsSeenError) for each in results) == 1
    assert TrialUnit.objects.count() == UnitMovement.objects.count() == 3
