import pytest
from hypothesis import given
from hypothesis import strategies as st

from liasse.lib.text import fold, name_key


@given(st.text(max_size=60))
def test_folding_keeps_every_offset(text: str) -> None:
    assert len(fold(text)) == len(text)


def test_accents_capitals_and_degree_signs_are_folded() -> None:
    assert fold("N° de l’Échéance – Größe\u202f!") == "no de l'echeance - grose !"


@pytest.mark.parametrize(
    "name", ["Au bon moulin SARL", "AU BON MOULIN", "S.A.R.L. Au Bon-Moulin", "au bon moulin s.a.s."]
)
def test_a_firm_is_the_same_under_each_of_its_spellings(name: str) -> None:
    assert name_key(name) == "aubonmoulin"


def test_a_name_that_is_only_a_legal_form_keeps_it() -> None:
    assert name_key("SAS") == "sas"
