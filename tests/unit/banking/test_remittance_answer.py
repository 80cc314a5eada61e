"""A file that reports on a whole remittance is neither a return nor a remittance (Caixa, 67.118 G015; 67.126 item
3.5)."""

import pytest

from billing.banking.inspect import main
from billing.banking.invalid_return import InvalidReturn
from billing.banking.remittance_answer import Verdict, answer_in
from billing.banking.returns import read_return, remittance_answer
from tests.unit.banking.test_caixa_seven_digits import SEVEN, remittance
from tests.workflows.test_rejected_remittance import answer_of


@pytest.mark.req("BNK-05")
@pytest.mark.parametrize("name", ["caixa", "caixa_400"])
def test_answer_to_a_remittance_is_not_read_as_a_return(name, tmp_path, capsys):
    data = answer_of(name, "123456")
    with pytest.raises(InvalidReturn, match="o banco rejeitou inteira a remessa 1") as caught:
        read_return(data)
    assert caught.value.code == "return.remittance_rejected"
    path = tmp_path / "a.ret"
    path.write_bytes(data)
    assert main([str(path)]) == 1
    assert "PROBLEMA: pré-crítica do banco 104" in capsys.readouterr().out


@pytest.mark.req("BNK-05")
@pytest.mark.parametrize(
    ("mark", "verdict"), [("3", Verdict.PROCESSED), ("4", Verdict.PARTLY), ("5", Verdict.REJECTED)]
)
def test_cnab_240_header_identifies_the_answer(mark, verdict):
    head = answer_of("caixa", "123456").decode().rstrip("\r\n")
    answer = answer_in([head[:142] + mark + head[143:]])
    assert (answer.verdict, answer.sequence, answer.agreement) == (verdict, 1, "123456")


@pytest.mark.req("BNK-05")
def test_segment_w_is_shown_unchanged():
    head = answer_of("caixa", "123456").decode().rstrip("\r\n")
    answer = answer_in([head, "1040001300001W 1 07 campo".ljust(240)])
    assert answer.reasons == ("segmento W: 1 07 campo",)


def test_other_files_are_not_answers_to_a_remittance():
    assert remittance_answer(remittance(SEVEN)) is None
    assert remittance_answer(b"") is None
