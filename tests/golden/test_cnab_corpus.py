"""Bank files published by others, read title by title: CNAB_CORPUS=<folder with an INDEX.tsv> says where they are."""

import os
from pathlib import Path

import pytest

from billing.banking.inspect import LENGTH_FAULT
from billing.banking.layouts.registry import FileKind, records_of
from tests.golden.cnab_corpus import OF_BANK, SHARED, files_of, main, read

CORPUS = os.environ.get("CNAB_CORPUS")
FOLDER = Path(CORPUS or "")
FILES = list(files_of(FOLDER)) if CORPUS else []

REFUSED = {  # returns that the product does not accept, because they break a rule of their bank's manual -> the message
    "CNAB400UNICRED.RET": "o número sequencial do registro deveria ser 000003",
    "Retorno/files/cnab400/sicredi.ret": "campo data_geracao, valor “11111600”",
}

needs_files = pytest.mark.skipif(
    not CORPUS, reason="CNAB_CORPUS does not say where the published bank files are"
)


def index_reads(finding, name, column):
    """Whether a fact of the index, always taken from the same column, is that field in the columns that described the
    file."""
    if finding.columns == SHARED or finding.layout == 240:
        return True
    records = records_of(FileKind(finding.bank, finding.layout, finding.direction)).values()
    titles = [record for record in records if "valor_titulo" in record.by_name]
    return all(record.by_name[name].start == column for record in titles)


@needs_files
@pytest.mark.parametrize(("path", "facts"), FILES, ids=[str(path.relative_to(FOLDER)) for path, _ in FILES])
def test_published_file_has_the_titles_that_its_index_lists(path, facts):
    finding = read(path)
    assert (finding.bank, finding.layout, finding.direction) == (
        facts["bank"],
        facts["layout"],
        facts["direction"],
    )
    assert finding.titles == facts["titles"]
    refused = [reason for name, reason in REFUSED.items() if finding.file.endswith(name)]
    assert bool(finding.refused) == bool(refused), finding.refused
    assert all(reason in finding.refused for reason in refused)
    if index_reads(finding, "ocorrencia", 109):
        counted = {code.strip(): count for code, count in facts["movements"].items()}
        assert {code.strip(): count for code, count in finding.titles_by_occurrence.items()} == counted
    if "sum_valor_titulo_P_cents" in facts:
        assert finding.cents == facts["sum_valor_titulo_P_cents"]
    # For CNAB 400 the index sums the columns of a return: in a remittance they are another field.
    if "sum_valor_titulo_cents" in facts and finding.direction == "retorno":
        assert finding.cents == facts["sum_valor_titulo_cents"] or not index_reads(
            finding, "valor_titulo", 153
        )
    if "sum_valor_pago_U_cents" in facts:  # every U, including that of a confirmed entry
        assert finding.paid_cents + finding.unsettled_cents == facts["sum_valor_pago_U_cents"]


@needs_files
def test_a_published_remittance_of_a_bank_that_we_write_for_has_no_unreadable_field():
    """Except for lines with too many columns, which are shifted in their own project too."""
    ours = [read(path) for path, facts in FILES if facts["direction"] == "remessa"]
    ours = [one for one in ours if one.columns == OF_BANK]
    assert ours
    unreadable = {one.file: one.faults for one in ours if one.faults}
    assert [file for file, faults in unreadable.items() if LENGTH_FAULT not in " ".join(faults)] == []


SHARED_REMITTANCE = (
    "01REMESSA01COBRANCA".ljust(76) + "999FAKE".ljust(318) + "000001",
    ("1".ljust(108) + "01" + "DOC0001".ljust(10) + "200326" + "0000000012990").ljust(394) + "000002",
    ("1".ljust(108) + "02" + "DOC0002".ljust(10) + "200326" + "0000000000500").ljust(394) + "000003",
    "5".ljust(394) + "000004",
    "9".ljust(394) + "000005",
)


@pytest.fixture
def folder(tmp_path):
    below = tmp_path / "sent"
    below.mkdir()
    (below / "a.rem").write_bytes("\r\n".join(SHARED_REMITTANCE).encode())
    (below / "b.txt").write_text("not a bank file")
    (below / "c.pdf").write_text("no bank file either")
    return tmp_path


def test_any_folder_is_read_and_descriptions_of_files_are_reported(folder, capsys):
    [remittance, other] = [read(path) for path, _ in files_of(folder)]
    assert (remittance.bank, remittance.layout, remittance.direction) == ("999", 400, "remessa")
    assert (remittance.columns, remittance.titles, remittance.unread) == (SHARED, 2, 1)
    assert remittance.cents_by_occurrence == {"01": 12990, "02": 500}
    assert (other.columns, other.titles) == ("", 0)
    assert main([str(folder)]) == 0
    output = capsys.readouterr().out
    assert "999 CNAB 400 remessa (colunas comuns)" in output
    assert "2 arquivos, 2 títulos, 1 linhas sem registro, 0 retornos recusados" in output
    assert main([str(folder), "--json"]) == 0
    assert '"cents": 13490' in capsys.readouterr().out
