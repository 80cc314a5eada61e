// One search for the whole product (WEB-02), in the frame: whatever the clerk has in hand, and what it leads to. By keyboard
// alone: Ctrl+K or /, type or paste, arrows, Enter.
import { useDebouncedValue } from "@mantine/hooks";
import { queryOptions, useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { type KeyboardEvent, type RefObject, useState } from "react";
import { answer, api } from "../../api/client";
import { labels } from "../../api/labels";
import type { Hit } from "../../api/schema";
import { toContent } from "../../app/focus";
import { queries } from "../../app/queries";
import { ProblemNote } from "../../parts/Problem";

const asked = (text: string) =>
  queryOptions({ queryKey: ["search", text], queryFn: async () => (await answer(api.GET("/search", { params: { query: { text } } }))).items });

function placeOf(hit: Hit): { to: string; search?: object } {
  switch (hit.kind) {
    case "customer":
      return { to: `/clientes/${hit.id}` };
    case "contract":
      return { to: `/clientes/${hit.customer_id}/contratos/${hit.id}` };
    case "invoice":
      return { to: `/clientes/${hit.customer_id}`, search: { fatura: hit.id } };
    case "run":
      return { to: `/execucoes/${hit.id}` };
  }
}

export function Search({ field }: { field: RefObject<HTMLInputElement | null> }) {
  const navigate = useNavigate();
  const [typed, setTyped] = useState("");
  const [isOpen, setOpen] = useState(false);
  const [current, setCurrent] = useState(0);
  const text = typed.trim();
  const [settled] = useDebouncedValue(text, 200);
  const found = useQuery({ ...asked(settled), enabled: isOpen && settled !== "" });
  const hits = settled === text && text !== "" ? found.data : undefined;

  const leave = (place: { to: string; search?: object }) => {
    setOpen(false);
    setTyped("");
    toContent();
    void navigate(place as never);
  };
  const customers = () => leave({ to: "/clientes", search: { q: text } });
  /** What was pasted and entered at once is looked for first. */
  const enter = async () => {
    if (text === "") return;
    const rows = hits ?? (await queries.fetchQuery(asked(text)).catch(() => undefined));
    if (rows === undefined) return;
    const hit = rows[hits ? current : 0];
    if (hit) leave(placeOf(hit));
    else customers();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const last = hits?.length ?? 0; // one more than the hits: the list of customers
    if (event.key === "ArrowDown") setCurrent(Math.min(current + 1, last));
    else if (event.key === "ArrowUp") setCurrent(Math.max(current - 1, 0));
    else if (event.key === "Escape") toContent();
    else if (event.key === "Enter") void enter();
    else return;
    event.preventDefault();
  };
  const shown = isOpen && text !== "";
  return (
    <search className="find">
      <input
        ref={field} role="combobox" aria-label="Procurar" aria-expanded={shown} aria-controls="achados" aria-autocomplete="list" autoComplete="off"
        aria-activedescendant={shown && hits ? `achado-${current}` : undefined}
        placeholder="Nome, CPF/CNPJ, código, e-mail, telefone, fatura, nosso número, linha digitável  ( / )"
        value={typed} onFocus={() => setOpen(true)} onBlur={() => setOpen(false)} onKeyDown={onKeyDown}
        onChange={(event) => {
          setTyped(event.target.value);
          setCurrent(0);
          setOpen(true);
        }}
      />
      {shown && (
        <div className="found" onMouseDown={(event) => event.preventDefault()}>
          <ProblemNote error={found.error} />
          {hits === undefined && !found.error && <div className="soft" role="status">Procurando…</div>}
          <ul id="achados" role="listbox" aria-label="Encontrados" hidden={hits === undefined}>
            {hits?.map((hit, i) => (
              <li key={`${hit.kind} ${hit.id}`} id={`achado-${i}`} role="option" aria-selected={i === current} onClick={() => leave(placeOf(hit))}>
                {hit.kind !== "invoice" && <span className="soft">{labels.HitKind[hit.kind]} </span>}<b>{hit.title}</b> <span>{hit.detail}</span>
              </li>
            ))}
            {hits && <li id={`achado-${hits.length}`} role="option" aria-selected={current === hits.length} onClick={customers}>{hits.length === 0 ? "Nada encontrado. " : ""}Procurar “{text}” na lista de clientes</li>}
          </ul>
        </div>
      )}
    </search>
  );
}
