// A payment profile: new, or changed (BNK-01). What the bank would not take is refused when it is kept, field by field.
import { Checkbox } from "@mantine/core";
import type { ReactNode } from "react";
import { answer, api, ifMatch } from "../../api/client";
import { banks, labels } from "../../api/labels";
import type { BankTermsInput, ProfileData, ProfileView } from "../../api/schema";
import { useCashAccounts } from "../../app/me";
import { Action } from "../../parts/Action";
import { CompanyChoice } from "../../parts/CompanyChoice";
import { useDraft } from "../../parts/Clash";
import { Choice, CountInput, DecimalInput, DocumentInput, LinesInput, WordsInput } from "../../parts/fields";
import { allPages } from "../../parts/remote";

type Form = Omit<Partial<ProfileData>, "terms"> & { company_id?: string; terms: Partial<BankTermsInput> };
type Sets = (changes: Partial<Form>) => void;

function dataOf(profile: ProfileView | undefined): Form {
  if (profile === undefined) return { terms: { layout: "none", especie: "DS" }, first_nosso_numero: 1, first_remittance: 1, wait_for_registration: true };
  const { version: _v, id: _i, company_id: _c, is_active: _a, notices: _n, ...data } = profile;
  return data;
}

export function ProfileForm({ profile, onClose }: { profile?: ProfileView | undefined; onClose: () => void }) {
  const path = { profile_id: profile?.id ?? "" };
  const draft = useDraft<Form>({ data: dataOf(profile), version: profile?.version ?? 0 }, profile && {
    read: async () => {
      const now = await answer(api.GET("/payment-profiles/{profile_id}", { params: { path } }));
      return { data: dataOf(now), version: now.version };
    },
    history: () => allPages((cursor) => answer(api.GET("/payment-profiles/{profile_id}/history", { params: { path, query: { cursor } } }))),
  });
  const { data, set } = draft;
  const { terms } = data;
  const ready = [data.name, data.last_nosso_numero, terms.bank, terms.agencia, terms.conta, terms.carteira, terms.beneficiary_name, terms.beneficiary_document].every(Boolean) && (profile !== undefined || data.company_id !== undefined);
  return (
    <Action
      title={profile ? `Editar ${profile.name}` : "Novo profile de pagamento"} button="Salvar" onClose={onClose} ready={ready} size="xl" draft={draft}
      warning={profile ? "Vale para as faturas e os títulos daqui em diante; um boleto já registrado não muda." : undefined}
      run={(header) =>
        profile
          ? answer(api.PUT("/payment-profiles/{profile_id}", { params: { path, header: ifMatch(draft.version) }, body: data as ProfileData }))
          : answer(api.POST("/payment-profiles", { params: { header }, body: data as ProfileData & { company_id: string } }))
      }
    >
      <div className="fields three">
        <WordsInput label="Nome" value={data.name} onChange={(name) => set({ name })} data-autofocus />
        {profile === undefined && <CompanyChoice value={data.company_id} onChange={(company_id) => set({ company_id })} />}
        <AccountChoice companyId={profile?.company_id ?? data.company_id} value={data.cash_account_id ?? undefined} onChange={(cash_account_id) => set({ cash_account_id })} />
      </div>
      <BankFields terms={terms} onChange={(changes) => set({ terms: { ...terms, ...changes } })} />
      <BoletoFields data={data} set={set} />
      <ExchangeFields data={data} set={set} />
    </Action>
  );
}

function AccountChoice({ companyId, value, onChange }: { companyId: string | undefined; value: string | undefined; onChange: (id: string | undefined) => void }) {
  const accounts = useCashAccounts().data?.filter((account) => account.company_id === companyId) ?? [];
  return <Choice label="Conta de dinheiro" options={accounts.map((account) => ({ value: account.id, label: account.name }))} value={value} onChange={onChange} />;
}

const Group = ({ title, children }: { title: string; children: ReactNode }) => (
  <fieldset className="box"><legend><b>{title}</b></legend><div className="fields three">{children}</div></fieldset>
);

const BANKS = Object.entries(banks).map(([value, bank]) => ({ value, label: `${value} · ${bank.name}` }));
/** Without a bank, or of one that we do not know, no files are exchanged. */
const layoutsOf = (bank: string | undefined) => banks[bank ?? ""]?.layouts ?? ["none" as const];

function BankFields({ terms, onChange: set }: { terms: Form["terms"]; onChange: (changes: Form["terms"]) => void }) {
  const text = (name: "agencia" | "agencia_digit" | "conta" | "conta_digit" | "convenio" | "convenio_digit" | "carteira" | "variacao" | "operacao", label: string, description?: string) => (
    <WordsInput label={label} description={description} value={terms[name] ?? undefined} onChange={(value) => set({ [name]: value ?? "" })} />
  );
  return (
    <Group title="Conta e contrato com o banco">
      <Choice label="Banco" required searchable options={BANKS} value={terms.bank} onChange={(bank) => bank && set({ bank, layout: layoutsOf(bank).find((one) => one === terms.layout) ?? "none" })} />
      {text("agencia", "Agência")}
      {text("agencia_digit", "Dígito da agência")}
      {text("conta", "Conta")}
      {text("conta_digit", "Dígito da conta")}
      {text("carteira", "Carteira")}
      {text("convenio", "Convênio", "Ou código do beneficiário.")}
      {text("convenio_digit", "Dígito do convênio")}
      {text("variacao", "Variação", "Da carteira (Banco do Brasil) ou modalidade (Sicoob).")}
      {text("operacao", "Operação", "Ou posto (Sicredi), ou código de transmissão (Santander).")}
      <Choice label="Arquivos" required options={layoutsOf(terms.bank).map((value) => ({ value, label: labels.Layout[value] }))} value={terms.layout} onChange={(layout) => layout && set({ layout })} />
      <WordsInput label="Chave Pix" value={terms.pix_key ?? undefined} onChange={(pix_key) => set({ pix_key })} />
      <WordsInput label="Beneficiário" value={terms.beneficiary_name} onChange={(beneficiary_name) => set({ beneficiary_name })} />
      <DocumentInput label="CPF/CNPJ do beneficiário" value={terms.beneficiary_document} onChange={(beneficiary_document) => set({ beneficiary_document })} />
      <WordsInput label="Endereço impresso no boleto" value={terms.beneficiary_address} onChange={(value) => set({ beneficiary_address: value ?? "" })} />
    </Group>
  );
}

function BoletoFields({ data, set }: { data: Form; set: Sets }) {
  const { terms } = data;
  const setTerms = (changes: Form["terms"]) => set({ terms: { ...terms, ...changes } });
  return (
    <Group title="O boleto">
      <Choice label="Espécie" required options={labels.DocumentKind} value={terms.especie} onChange={(especie) => especie && setTerms({ especie })} />
      <DecimalInput label="Multa (%)" value={terms.fine_percent} onChange={(value) => setTerms({ fine_percent: value ?? "0" })} />
      <DecimalInput label="Juros ao mês (%)" value={terms.interest_percent_month} onChange={(value) => setTerms({ interest_percent_month: value ?? "0" })} />
      <DecimalInput label="Desconto por pontualidade (%)" value={data.discount_percent} onChange={(value) => set({ discount_percent: value ?? "0" })} />
      <CountInput label="Desconto até (dias antes)" value={data.discount_days} onChange={(value) => set({ discount_days: value ?? 0 })} />
      <CountInput label="Protestar depois de (dias)" value={terms.protest_days} onChange={(protest_days) => setTerms({ protest_days })} />
      <CountInput label="Negativar depois de (dias)" value={terms.bureau_days} onChange={(bureau_days) => setTerms({ bureau_days })} />
      <CountInput label="Baixar depois de (dias)" value={terms.write_off_days} onChange={(write_off_days) => setTerms({ write_off_days })} />
      <LinesInput label="Instruções, uma por linha" value={terms.instructions} onChange={(instructions) => setTerms({ instructions })} />
      <Checkbox label="Aceite do pagador" checked={terms.accepted ?? false} onChange={(event) => setTerms({ accepted: event.currentTarget.checked })} />
      <Checkbox label="Boleto híbrido: o banco cria o Pix" checked={terms.registers_pix ?? false} onChange={(event) => setTerms({ registers_pix: event.currentTarget.checked })} />
      <WordsInput label="Cidade no QR Code Pix" value={data.pix_city} onChange={(pix_city) => set({ pix_city })} />
    </Group>
  );
}

function ExchangeFields({ data, set }: { data: Form; set: Sets }) {
  const flag = (name: "wait_for_registration" | "sends_write_off" | "imports_pix", label: string) => (
    <Checkbox label={label} checked={data[name] ?? false} onChange={(event) => set({ [name]: event.currentTarget.checked })} />
  );
  return (
    <Group title="Numeração e troca de arquivos">
      <CountInput label="Primeiro nosso número" min={1} value={data.first_nosso_numero} onChange={(value) => set({ first_nosso_numero: value ?? 1 })} />
      <CountInput label="Último nosso número" min={1} value={data.last_nosso_numero} onChange={(last_nosso_numero) => set({ last_nosso_numero })} />
      <CountInput label="Primeira remessa" min={1} value={data.first_remittance} onChange={(value) => set({ first_remittance: value ?? 1 })} />
      {flag("wait_for_registration", "A fatura só é enviada depois do registro")}
      {flag("sends_write_off", "O banco aceita a baixa por remessa")}
      {flag("imports_pix", "Os Pix recebidos na chave são importados")}
    </Group>
  );
}
