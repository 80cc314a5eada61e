// "Últimos 1.000", "Cadastros Ativos", "Inativos" and the search: customers by one criterion (CUS-02, CUS-04).
import { Button, SegmentedControl } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { answer, api } from "../../api/client";
import { labels } from "../../api/labels";
import type { Customer } from "../../api/schema";
import { useMay } from "../../app/me";
import { day } from "../../format/date";
import { cpfCnpj, criterionOf, phone } from "../../format/document";
import { type Column, Grid } from "../../parts/Grid";
import { useSetSearch, useWord } from "../../parts/listState";
import { usePages } from "../../parts/remote";
import { Heading } from "../../parts/show";
import { CustomerForm } from "./CustomerForm";

const COLUMNS: Column<Customer>[] = [
  { key: "codigo", title: "Código", text: (c) => String(c.code), by: (c) => c.code, width: 66, grow: 1 },
  { key: "cadastro", title: "Cadastro", text: (c) => day(c.registered_on), by: (c) => c.registered_on, width: 88, grow: 1 },
  { key: "nome", title: "Cliente", text: (c) => c.name, width: 200, grow: 400 },
  { key: "documento", title: "CPF/CNPJ", text: (c) => cpfCnpj(c.document), width: 146, grow: 1 },
  { key: "tipo", title: "Tipo", text: (c) => labels.PersonKind[c.kind], width: 104, grow: 1, aside: true },
  { key: "email", title: "E-mail", text: (c) => c.emails.join(", "), width: 150, grow: 300 },
  { key: "telefone", title: "Telefone", text: (c) => c.phones.map(phone).join(", "), width: 122, grow: 10 },
  { key: "cidade", title: "Cidade", text: (c) => c.addresses.map((a) => `${a.city}/${a.uf}`).join("; "), width: 110, grow: 120 },
  { key: "bairro", title: "Bairro", text: (c) => c.addresses.map((a) => a.district).join("; "), width: 90, grow: 100 },
];

const SHOWN = { ativos: "Ativos", inativos: "Inativos" };

export function Customers() {
  const [shown, setShown] = useWord("mostrar", "ativos");
  const [typed] = useWord("q");
  const set = useSetSearch();
  const [adding, setAdding] = useState(false);
  const may = useMay("customers:write");
  const navigate = useNavigate();
  const criterion = typed ? criterionOf(typed) : { is_active: shown === "ativos" };
  const list = usePages({
    key: ["customers", criterion],
    page: (cursor) => answer(api.GET("/customers", { params: { query: { ...criterion, limit: 100, cursor } } })),
  });
  return (
    <>
      <Heading title="Clientes">
        {typed ? (
          <Button variant="default" onClick={() => set({ q: undefined })}>Procurado: {typed} ✕</Button>
        ) : (
          <SegmentedControl size="xs" value={shown} onChange={setShown} data={Object.entries(SHOWN).map(([value, label]) => ({ value, label }))} />
        )}
        {may && <Button onClick={() => setAdding(true)}>Novo cliente</Button>}
      </Heading>
      <Grid
        name="Clientes" columns={COLUMNS} rowKey={(c) => c.id} rows={list.rows}
        error={list.error} retry={list.retry}
        more={list.more}
        onOpen={(c) => void navigate({ to: `/clientes/${c.id}` })}
        empty={typed ? "Nenhum cliente corresponde ao que foi procurado." : "Nenhum cliente ainda. Inclua o primeiro em “Novo cliente”."}
      />
      {adding && <CustomerForm onClose={() => setAdding(false)} onSaved={(id) => void navigate({ to: `/clientes/${id}` })} />}
    </>
  );
}
