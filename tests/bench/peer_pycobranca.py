"""pyCobranca's side of `bench_peer`, run by the interpreter that has it: a folder in, JSON out (name -> things per
second of CPU).

Nothing of ours is imported here. Objects are made beforehand, as ours are; a boleto's barcode is composed once, and its
linha digitável is derived from it (the same as ours for the same titles). Its returns are records of unchecked texts.
"""

import json
import sys
import time
import warnings
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from pycobranca.bancos import REGISTRO
from pycobranca.boleto.linha_digitavel import linha_digitavel
from pycobranca.cnab import Pagamento, RemessaItau400, RemessaSicoob240, Retorno
from pycobranca.render import render_boleto_pdf

ROUNDS = 5
ACCOUNT = {"agencia": "0057", "carteira": "109", "conta": "12345"}


def best(count: int, work: Callable[[], Any]) -> int:
    seconds = []
    for _ in range(ROUNDS):
        started = time.process_time()
        work()
        seconds.append(time.process_time() - started)
    return round(count / min(seconds))


def boleto(title: dict[str, Any], **more: Any) -> Any:
    return REGISTRO["341"](
        **ACCOUNT,
        valor=title["amount"],
        cedente="Provedor Exemplo Ltda",
        cedente_documento="11222333000181",
        nosso_numero=f"{title['number']:08d}",
        data_vencimento=date.fromisoformat(title["due_on"]),
        data_documento=date(2026, 3, 1),
        numero_documento=title["document_number"],
        sacado=title["name"],
        sacado_documento=title["document"],
        sacado_endereco=title["street"],
        instrucoes=["Após o vencimento, cobrar juros de 1% ao mês."],
        cedente_cidade="Sao Paulo",
        **more,
    )


def payment(title: dict[str, Any], **more: Any) -> Pagamento:
    return Pagamento(
        nosso_numero=f"{title['number']}",
        data_vencimento=date.fromisoformat(title["due_on"]),
        data_emissao=date(2026, 3, 1),
        valor=float(title["amount"]),
        documento_sacado=title["document"],
        nome_sacado=title["name"],
        endereco_sacado=title["street"],
        bairro_sacado="Centro",
        cep_sacado=title["postcode"],
        cidade_sacado=title["city"],
        uf_sacado=title["state"],
        numero=title["document_number"],
        documento=title["document_number"],
        **more,
    )


def remittance(kind: Any, payments: list[Pagamento], **more: Any) -> Callable[[], str]:
    company = {"empresa_mae": "Provedor Exemplo Ltda", "documento_cedente": "11222333000181"}
    return lambda: kind(pagamentos=payments, **company, **more).gera_arquivo()


def main(folder: Path) -> dict[str, int]:
    titles = json.loads((folder / "titles.json").read_text(encoding="utf-8"))
    return_400, return_240 = (folder / "return400").read_bytes(), (folder / "return240").read_bytes()
    boletos = [boleto(title) for title in titles]
    few = boletos[:100]
    with_qr = [boleto(title, pix_copia_cola=title["emv"]) for title in titles[:100]]
    registered = [payment(title, tipo_mora="1", valor_mora=0.5) for title in titles]
    fined = [
        payment(title, tipo_mora="2", percentual_mora=1.0, codigo_multa="2", percentual_multa=2.0)
        for title in titles
    ]
    count = len(titles)
    return {
        "boletos": best(count, lambda: [linha_digitavel(one.codigo_barras) for one in boletos]),
        "boleto_pdf": best(100, lambda: [render_boleto_pdf(one.contexto_render()) for one in few]),
        "boleto_pdf_qr": best(100, lambda: [render_boleto_pdf(one.contexto_render()) for one in with_qr]),
        "remittance400": best(
            count,
            remittance(
                RemessaItau400,
                registered,
                agencia="0057",
                conta_corrente="12345",
                digito_conta="7",
                carteira="109",
            ),
        ),
        "remittance240": best(
            count,
            remittance(
                RemessaSicoob240,
                fined,
                agencia="4277",
                conta_corrente="6498",
                digito_conta="0",
                convenio="172278",
            ),
        ),
        "return400": best(count, lambda: Retorno.ler(return_400)),
        "return240": best(2 * count, lambda: Retorno.ler(return_240)),
    }


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    sys.stdout.write(json.dumps(main(Path(sys.argv[1]))))
