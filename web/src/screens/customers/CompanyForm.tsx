// A company's data: new, or changed.
import { answer, api, ifMatch } from "../../api/client";
import type { Company, CompanyData } from "../../api/schema";
import { digits } from "../../format/document";
import { Action } from "../../parts/Action";
import { useDraft } from "../../parts/Clash";
import { DocumentInput, WordsInput } from "../../parts/fields";
import { AddressFields } from "./AddressFields";
import { allPages } from "../../parts/remote";

type Form = Partial<CompanyData>;

function dataOf(company: Company | undefined): Form {
  if (company === undefined) return { series: "1" };
  const { version: _v, id: _i, ...data } = company;
  return data;
}

export function CompanyForm({ company, onClose }: { company?: Company | undefined; onClose: () => void }) {
  const path = { company_id: company?.id ?? "" };
  const draft = useDraft<Form>({ data: dataOf(company), version: company?.version ?? 0 }, company && {
    read: async () => {
      const now = await answer(api.GET("/companies/{company_id}", { params: { path } }));
      return { data: dataOf(now), version: now.version };
    },
    history: () => allPages((cursor) => answer(api.GET("/companies/{company_id}/history", { params: { path, query: { cursor } } }))),
  });
  const { data, set } = draft;
  const ready = [data.legal_name, data.trade_name, data.cnpj, data.address, data.municipality_code, data.service_phone, data.sender_email].every(Boolean);
  return (
    <Action
      title={company ? `Editar ${company.trade_name}` : "Nova empresa"} button="Salvar" onClose={onClose} ready={ready} size="xl" draft={draft}
      warning={company ? undefined : "Você passa a atendê-la quando o seu acesso se renova: em até uma hora, ou saindo e entrando."}
      run={(header) =>
        company
          ? answer(api.PUT("/companies/{company_id}", { params: { path, header: ifMatch(draft.version) }, body: data as CompanyData }))
          : answer(api.POST("/companies", { params: { header }, body: data as CompanyData }))
      }
    >
      <div className="fields">
        <WordsInput label="Razão social" value={data.legal_name} onChange={(legal_name) => set({ legal_name })} data-autofocus />
        <WordsInput label="Nome fantasia" value={data.trade_name} onChange={(trade_name) => set({ trade_name })} />
        <DocumentInput label="CNPJ" value={data.cnpj} onChange={(cnpj) => set({ cnpj })} />
        <WordsInput label="Código do município no IBGE" placeholder="sete dígitos" value={data.municipality_code} onChange={(typed) => set({ municipality_code: typed && digits(typed) })} />
        <WordsInput label="Telefone de atendimento" value={data.service_phone} onChange={(typed) => set({ service_phone: typed && digits(typed) })} />
        <WordsInput label="Site ou central do assinante" value={data.site ?? undefined} onChange={(site) => set({ site })} />
        <WordsInput label="Remetente das mensagens" type="email" value={data.sender_email} onChange={(sender_email) => set({ sender_email })} />
        <WordsInput label="Respostas para (em branco: o remetente)" type="email" value={data.reply_email ?? undefined} onChange={(reply_email) => set({ reply_email })} />
        <WordsInput label="Série das faturas" value={data.series} onChange={(series) => set({ series })} />
      </div>
      <AddressFields address={data.address} onChange={(address) => set({ address })} />
    </Action>
  );
}
