"""A certification kit as one file: boletos, remittances, and a page that says what is inside, what the bank asks for and what to do next."""

from collections.abc import Iterator
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from billing.banking.boleto.linha_digitavel import formatted
from billing.banking.boleto_document import BoletoDocument
from billing.banking.boleto_pdf import render_boletos
from billing.banking.certification import Kit, digits_of
from billing.banking.terms import LENGTHS

NOT_TO_BE_PAID = "BOLETO DE TESTE PARA HOMOLOGAÇÃO. NÃO PAGUE."


def zipped(kit: Kit) -> bytes:
    """The kit as one file, always the same bytes."""
    parts = [("LEIA-ME.txt", _page(kit).encode("utf-8-sig")), ("boletos.pdf", _paper(kit))]
    parts += [(file.name, file.content) for file in kit.files]
    if kit.numbers:
        parts.append(("nossos_numeros.txt", "".join(f"{n}\r\n" for n in kit.numbers).encode("ascii")))
    buffer = BytesIO()
    with ZipFile(buffer, "w", ZIP_DEFLATED) as archive:
        for name, content in parts:
            entry = ZipInfo(name, (kit.on.year, kit.on.month, kit.on.day, 0, 0, 0))
            entry.compress_type = ZIP_DEFLATED
            archive.writestr(entry, content)
    return buffer.getvalue()


def _paper(kit: Kit) -> bytes:
    """Without Pix: a test must not have a code that could be paid."""
    terms = kit.terms.evolve(instructions=(NOT_TO_BE_PAID, *kit.terms.instructions))
    return render_boletos(
        [
            BoletoDocument(
                account=terms,
                boleto=sample.boleto,
                payer=sample.title.payer,
                amount=sample.title.amount,
                issued_on=sample.title.issued_on,
                due_on=sample.title.due_on,
                document_number=sample.title.document_number,
                title="Homologação",
                subtitle=f"Boleto de teste {place} de {len(kit.samples)}",
            )
            for place, sample in enumerate(kit.samples, 1)
        ]
    )


def _page(kit: Kit) -> str:
    """Lines end as Windows ends them."""
    return "".join(f"{line}\r\n" for line in _lines(kit))


def _lines(kit: Kit) -> Iterator[str]:
    terms, bank = kit.terms, kit.bank
    yield f"KIT DE HOMOLOGAÇÃO: {bank.name} ({bank.code}-{bank.digit}), {kit.on:%d/%m/%Y}"
    yield f"Beneficiário: {terms.beneficiary_name}"
    yield f"Agência / código: {bank.beneficiary(terms)}    Carteira: {terms.carteira}"
    yield ""
    yield from _asked(kit)
    yield from _inside(kit)
    yield from _titles(kit)
    yield from _digits(kit)
    yield from _next(kit)


def _asked(kit: Kit) -> Iterator[str]:
    certification = kit.bank.certification
    test = certification.file_of(LENGTHS[kit.terms.layout])
    yield "O QUE O BANCO PEDE"
    requirements = [*certification.asks, *([test.asks] if test.asks else [])]
    for text in requirements or [
        "O manual que temos não descreve a homologação: pergunte à agência o que ela pede."
    ]:
        yield f"- {text}"
    yield ""


def _inside(kit: Kit) -> Iterator[str]:
    yield "O QUE HÁ NESTE KIT"
    yield f"- boletos.pdf: {len(kit.samples)} boletos, um por página, sem QR Code Pix; cada um diz “{NOT_TO_BE_PAID}”"
    for file in kit.files:
        yield f"- {file.name}: remessa, {file.purpose}"
    if not kit.files:
        yield "- Nenhuma remessa: o profile não troca arquivos, ou a deste banco e layout ainda não é escrita."
    if kit.numbers:
        yield f"- nossos_numeros.txt: {len(kit.numbers)} nossos números em sequência"
    for reason in kit.left_out:
        yield f"- Ficou fora: {reason}"
    yield ""


def _titles(kit: Kit) -> Iterator[str]:
    yield "BOLETOS, por número do documento (pagadores e valores são fictícios)"
    for sample in kit.samples:
        title, boleto = sample.title, sample.boleto
        yield (
            f"{title.document_number}. {boleto.nosso_numero_formatted}  vence em {title.due_on:%d/%m/%Y}  {title.amount.format_br()}"
            f"  DV geral {boleto.barcode[4]}"
        )
        yield f"    {formatted(boleto.linha_digitavel)}"
    yield ""


def _digits(kit: Kit) -> Iterator[str]:
    yield "DÍGITOS VERIFICADORES QUE APARECEM"
    yield f"- código de barras (DV geral): {_values({sample.boleto.barcode[4] for sample in kit.samples})}"
    marks = {mark for sample in kit.samples for mark in digits_of(kit.bank, sample.boleto)}
    for name in sorted({name for name, _ in marks}):
        yield f"- {name}: {_values({value for own, value in marks if own == name})}"
    yield ""


def _values(values: set[str]) -> str:
    return " ".join(sorted(values))


def _next(kit: Kit) -> Iterator[str]:
    first, last = (kit.samples[place].title.nosso_numero for place in (0, -1))
    yield "O QUE FAZER AGORA"
    steps = kit.bank.certification.next_steps or (
        "Pergunte à agência como entregar boletos e remessa de teste.",
    )
    for number, text in enumerate(steps, 1):
        yield f"{number}. {text}"
    yield ""
    yield "CUIDADOS"
    yield "- Use estes arquivos só no ambiente de teste do banco. Nenhum deles deve ir para a produção."
    yield (
        f"- Os números são do fim da faixa do profile ({first} a {last}) e as remessas são numeradas a partir de 1: nenhum número e nenhum"
        " sequencial do profile foi consumido, e nenhuma fatura foi criada."
    )
    yield (
        "- Se o banco contar estas remessas como recebidas, informe no profile, em primeira remessa, o número seguinte ao da última"
        " enviada."
    )
