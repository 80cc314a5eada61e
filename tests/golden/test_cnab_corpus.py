"""Bank files published by others, read title by title: CNAB_CORPUS=<folder with an INDEX.tsv> says where they are."""

import os
from pathlib import Path

import pytest

from tests.golden.cnab_corpus import files_of, read

CORPUS = os.environ.get("CNAB_CORPUS")

CORRUPT = {  # a published file that breaks a rule of every manual -> what is said of it
    "CNAB400UNICRED.RET": "o número sequencial do registro deveria ser 000003",
}


@pytest.mark.skipif(not CORPUS, reason="CNAB_CORPUS does not say where the published bank files are")
def test_every_title_of_the_published_files_that_we_describe_is_read():
    found = [(read(path), facts) for path, facts in files_of(Path(CORPUS or ""))]
    described = [(one, facts) for one, facts in found if one.described]
    assert described
    for one, facts in described:
        if (fault := CORRUPT.get(Path(one.file).name)) is not None:
            assert any(fault in told for told in one.faults), one.file
            continue
        assert not one.faults, f"{one.file}: {one.faults}"
        assert one.titles == facts["titles"], one.file
        # The index sums CNAB 400 in the columns of a return: of a remittance that is another field.
        sums = {"sum_valor_titulo_P_cents"} | (
            {"sum_valor_titulo_cents"} if one.direction == "retorno" else set()
        )
        for name in sums & facts.keys():
            assert one.cents == facts[name], one.file
