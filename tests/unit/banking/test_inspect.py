"""The inspector shows what is in a file, and where two differ."""

from datetime import date

import pytest

from billing.adapters.sandbox_bank.bank import paid, respond
from billing.banking.inspect import LENGTH_FAULT, describe, differences, file_of, inspect_file, lines_of, main
from billing.banking.invalid_return import InvalidReturn
from billing.banking.layouts.registry import kind_of, records_of
from billing.banking.remittance import write_remittance
from billing.banking.returns import read_return
from billing.core.money import Money
from tests.golden.cnab_corpus import OF_BANK, read
from tests.unit.banking.test_bank_simulator import BANKS


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
def test_file_that_is_not_cnab_is_shown_as_it_is(content):
    assert all(line.record is None for line in inspect_file(content))


def test_two_files_are_compared_field_by_field(terms, remittance, created_at, make_register):
    other = write_remittance(terms, [make_register(1), make_register(3)], sequence=1, created_at=created_at)
    assert list(differences(remittance, remittance)) == []
    text = "\n".join(differences(remittance, other))
    assert "nosso_numero" in text
    assert "pagador_nome" not in text
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


@pytest.mark.parametrize("bank", BANKS)
def test_what_we_write_and_what_banks_answer_is_read_back_equal(
    request, tmp_path, created_at, make_register, bank
):
    terms = request.getfixturevalue(bank)
    instructions = [make_register(1), make_register(2, amount=Money("70.10"))]
    remittance = write_remittance(terms, instructions, sequence=1, created_at=created_at)
    answer = respond(remittance, lambda title: [paid(title.amount)], sequence=1, on=date(2026, 3, 18))
    sent, received = tmp_path / "a.rem", tmp_path / "a.ret"
    sent.write_bytes(remittance)
    received.write_bytes(answer)
    for finding in (read(sent), read(received)):
        assert (finding.bank, finding.columns, finding.titles, finding.cents) == (
            terms.bank,
            OF_BANK,
            2,
            20000,
        )
        assert (finding.refused, finding.faults, finding.unread) == ("", [], 0)
    assert read(received).paid_cents == 20000


OF_ANOTHER_BANK = "\r\n".join(
    (
        "02RETORNO01COBRANCA".ljust(76) + "999BANCO".ljust(318) + "000001",
        ("1".ljust(108) + "06" + "180326" + "DOC0001".ljust(30) + "200326" + "0000000012990").ljust(253)
        + "0000000012990".ljust(141)
        + "000002",
        "9".ljust(394) + "000003",
    )
).encode()


def test_a_file_of_another_bank_is_shown_by_the_columns_that_all_share_and_says_so():
    header, title, trailer = inspect_file(OF_ANOTHER_BANK)
    assert not header.faults | title.faults | trailer.faults
    lines = list(describe(title))
    assert lines[0] == "linha 2: detalhe (colunas comuns) (colunas comuns, não do manual do banco)"
    assert any(line.split() == ["153-165", "valor_titulo", "0000000012990"] for line in lines)


def test_common_columns_move_no_money():
    assert records_of(kind_of(lines_of(OF_ANOTHER_BANK)[0])) == {}
    with pytest.raises(InvalidReturn, match=r"return\.bank_unknown"):
        read_return(OF_ANOTHER_BANK)


def test_file_without_header_is_shown_by_the_common_columns(sicoob, created_at, make_register):
    whole = write_remittance(sicoob, [make_register()], sequence=1, created_at=created_at)
    lines = lines_of(whole)[1:-1]
    assert file_of(lines).is_of_bank is False
    seen = list(inspect_file("\n".join(lines).encode()))
    assert [line.record.name for line in seen][:2] == [
        "header de lote (colunas comuns)",
        "segmento P (colunas comuns)",
    ]


def test_line_of_another_length_is_shown_with_its_length(remittance):
    lines = lines_of(remittance)
    number = 1 if len(lines[0]) == 400 else 2
    lines[number] += "0"
    seen = list(inspect_file("\r\n".join(lines).encode()))[number]
    assert LENGTH_FAULT in seen.faults
    assert any(text.startswith("! a linha tem") for text in describe(seen))


def test_a_file_without_its_trailing_blanks_is_still_told(sicoob, created_at, make_register):
    whole = write_remittance(sicoob, [make_register()], sequence=1, created_at=created_at)
    trimmed = "\n".join(line.rstrip() for line in lines_of(whole)).encode()
    assert len(lines_of(trimmed)[0]) < 240
    seen = list(inspect_file(trimmed))
    assert all(line.record for line in seen)
    assert not {fault for line in seen for fault in line.faults}


def test_a_file_in_utf_8_has_its_columns(sicoob, created_at, make_register):
    whole = write_remittance(sicoob, [make_register()], sequence=1, created_at=created_at)
    accented = whole.decode().replace("JOSE DA", "JOSÉ DA").encode()
    assert not any(line.faults for line in inspect_file(accented))


@pytest.fixture
def shown(tmp_path, capsys):
    def shown(content):
        """What the command returns for a file, and the last thing that it prints."""
        path = tmp_path / "arquivo"
        path.write_bytes(content)
        code = main([str(path)])
        return code, capsys.readouterr().out.strip().splitlines()[-1]

    return shown


def test_inspection_ends_with_whether_the_return_would_be_accepted(itau, created_at, make_register, shown):
    remittance = write_remittance(itau, [make_register()], sequence=1, created_at=created_at)
    good = respond(remittance, lambda title: [paid(title.amount)], sequence=3, on=date(2026, 3, 18))
    assert shown(good) == (
        0,
        "Em ordem: retorno do banco 341, CNAB 400, arquivo 3, títulos: 1, que somam R$ 129,90.",
    )
    code, said = shown(good[:600])
    assert code == 1
    assert said.startswith("PROBLEMA: retorno do banco 341, CNAB 400: linha 2, coluna 199")
    assert said.endswith("peça o arquivo de novo ao banco.")
    assert shown(remittance) == (0, "Em ordem: remessa do banco 341, CNAB 400.")
    assert shown(remittance.replace(b"200326", b"31022A"))[0] == 1


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "O arquivo está vazio"),
        (b"\r\n\x1a", "O arquivo está vazio"),
        (b"\xff\xd8\xff\x1b[2J" * 99, "Não é uma remessa nem um retorno CNAB"),
        (b"a;b;c\n1;2;3\n", "a primeira linha tem 5 colunas"),
    ],
)
def test_file_that_is_not_a_bank_file_is_named_and_not_shown(content, said, shown):
    code, output = shown(content)
    assert code == 1
    assert said in output


def test_file_that_cannot_be_opened_is_reported(tmp_path, capsys):
    assert main([str(tmp_path / "nada.ret")]) == 2
    assert "o arquivo não existe" in capsys.readouterr().out
    assert main([str(tmp_path)]) == 2
    assert "é uma pasta" in capsys.readouterr().out
    assert main(["--help"]) == 2


def test_control_characters_do_not_reach_the_terminal(itau, created_at, make_register):
    content = write_remittance(itau, [make_register()], sequence=1, created_at=created_at)
    shown = [
        line for seen in inspect_file(content.replace(b"CENTRO", b"\x1b[31mX")) for line in describe(seen)
    ]
    assert "\x1b" not in "".join(shown)
