"""The inspector shows what a file has, and where two differ."""

from datetime import date

import pytest

from billing.adapters.sandbox_bank.bank import paid, respond
from billing.banking.inspect import describe, differences, inspect_file, main
from billing.banking.remittance import write_remittance


@pytest.fixture(params=["itau", "sicoob"])
def terms(request):
    return request.getfixturevalue(request.param)


@pytest.fixture
def remittance(terms, created_at, make_register):
    return write_remittance(terms, [make_register(1), make_register(2)], sequence=1, created_at=created_at)


def test_every_line_that_we_write_or_read_has_its_record_without_faults(remittance):
    answer = respond(remittance, lambda title: [paid(title.amount)], sequence=1, on=date(2026, 3, 18))
    for content in (remittance, answer):
        seen = list(inspect_file(content))
        assert all(line.record and not line.faults for line in seen)
        text = "\n".join(text for line in seen for text in describe(line))
        assert "nosso_numero" in text
        assert "129" in text


def test_a_field_that_cannot_be_read_is_marked(remittance):
    spoilt = remittance.replace(b"20032026", b"31022026").replace(b"200326", b"310226")
    marked = [text for line in inspect_file(spoilt) for text in describe(line) if text.startswith("!")]
    assert any("vencimento" in text and "3102" in text for text in marked)


@pytest.mark.parametrize("content", [b"", b"not a bank file\n", b"0" * 400])
def test_what_is_no_cnab_file_is_shown_as_it_is(content):
    assert all(line.record is None for line in inspect_file(content))


def test_two_files_are_compared_field_by_field(terms, remittance, created_at, make_register):
    other = write_remittance(terms, [make_register(1), make_register(3)], sequence=1, created_at=created_at)
    assert list(differences(remittance, remittance)) == []
    told = "\n".join(differences(remittance, other))
    assert "nosso_numero" in told
    assert "pagador_nome" not in told
    shorter = "\n".join(differences(remittance, remittance[: remittance.rindex(b"9", 0, -3)]))
    assert shorter


def test_the_command_shows_and_compares(tmp_path, capsys, remittance):
    one, other = tmp_path / "a.rem", tmp_path / "b.rem"
    one.write_bytes(remittance)
    other.write_bytes(remittance.replace(b"CENTRO", b"BAIRRO"))
    assert main([str(one)]) == 0
    assert "pagador_bairro" in capsys.readouterr().out
    assert main(["--diff", str(one), str(one)]) == 0
    assert main(["--diff", str(one), str(other)]) == 1
    assert "“CENTRO" in capsys.readouterr().out
    assert main([]) == 2
