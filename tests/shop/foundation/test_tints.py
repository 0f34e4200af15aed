"""The tint behind an initial."""

import uuid

from shop.foundation.tints import TINTS, tint_of


def test_one_person_has_one_tint_that_no_stranger_can_work_out(settings):
    keys = [uuid.uuid4() for _each in range(200)]
    tints = [tint_of(each) for each in keys]
    assert tints == [tint_of(str(each)) for each in keys]
    assert set(tints) == set(TINTS)
    settings.SECRET_KEY = "another shop's"
    assert [tint_of(each) for each in keys] != tints
