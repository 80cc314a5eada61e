import { expect, it } from "vitest";
import { wrongWords } from "./words";

it.each([
  "cus_7m3k0001", "pago a com_aurora0001", "1b4e28ba-2fa1-11d2-883f-0016d3cca427", "charge.locked", "invoices_receivable", "2026-04-20",
  "undefined", "[object Object]", "The invoice was refused", "0123456789abcdef0123456789abcdef", "Conta unbilled",
])("is shown to nobody: %s", (text) => expect(wrongWords([text])).toHaveLength(1));

it.each([
  "Fatura 12 · 20/04/2026 · R$ 10,00", "ana.admin@aurora.example", "consumo.csv", "aurora.example", "Aguarda a ativação", "#valor#", "34191.79001 01043.510047",
  "34191090080000487005171234570001715140000009000", "12.345.678/0001-95", "Fibra 700 Mega", "nossa_remessa.rem", "Nada falta.",
])("may be shown: %s", (text) => expect(wrongWords([text])).toEqual([]));
