// One company: its data, how what it receives is settled, whether its sender is proven, its history.
import { Button, Tabs } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { answer, api, ProblemError, useOnce } from "../../api/client";
import type { Company } from "../../api/schema";
import { useMay } from "../../app/me";
import { queries } from "../../app/queries";
import { instant } from "../../format/date";
import { cep, cpfCnpj, phone } from "../../format/document";
import { Drawer } from "../../parts/Dialog";
import { History } from "../../parts/History";
import { useWord } from "../../parts/listState";
import { ProblemNote } from "../../parts/Problem";
import { Facts, Wait } from "../../parts/show";
import { Tag } from "../../parts/Tag";
import { AgreementSettings } from "../agreements/AgreementSettings";
import { CompanyForm } from "./CompanyForm";
import { PaymentSettings } from "./PaymentSettings";
import { allPages } from "../../parts/remote";

export function CompanyDrawer({ company, onClose }: { company: Company; onClose: () => void }) {
  const [tab, setTab] = useWord("aba", "dados");
  const [editing, setEditing] = useState(false);
  const may = useMay("access:manage");
  const path = { company_id: company.id };
  return (
    <Drawer onClose={onClose} size={620} title={company.trade_name}>
      <Tabs value={tab} onChange={(next) => setTab(next ?? "dados")} keepMounted={false}>
        <Tabs.List aria-label="Empresa">
          <Tabs.Tab value="dados">Dados</Tabs.Tab>
          <Tabs.Tab value="recebimento">Recebimento</Tabs.Tab>
          <Tabs.Tab value="remetente">Remetente</Tabs.Tab>
          <Tabs.Tab value="historico">Histórico</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value={tab} pt={12} style={{ display: "grid", gap: 12 }}>
          {tab === "dados" && <Data company={company} />}
          {tab === "dados" && may && <div><Button variant="default" onClick={() => setEditing(true)}>Editar</Button></div>}
          {tab === "recebimento" && <PaymentSettings companyId={company.id} />}
          {tab === "recebimento" && <AgreementSettings companyId={company.id} />}
          {tab === "remetente" && <SenderState company={company} may={may} />}
          {tab === "historico" && <History id={company.id} read={() => allPages((cursor) => answer(api.GET("/companies/{company_id}/history", { params: { path, query: { cursor } } })))} />}
        </Tabs.Panel>
      </Tabs>
      {editing && <CompanyForm company={company} onClose={() => setEditing(false)} />}
    </Drawer>
  );
}

const Data = ({ company }: { company: Company }) => {
  const { address } = company;
  return (
    <Facts
      items={[
        ["Razão social", company.legal_name], ["CNPJ", cpfCnpj(company.cnpj)],
        ["Endereço", `${address.street}, ${address.number} · ${address.district} · ${address.city}/${address.uf} · ${cep(address.cep)}`],
        ["Código IBGE", company.municipality_code], ["Atendimento", phone(company.service_phone)], ["Site", company.site],
        ["Remetente dos e-mails", company.sender_email], ["Respostas para", company.reply_email], ["Série", company.series],
      ]}
    />
  );
};

/** Messages leave only from an address whose inbox somebody of the company reads. */
function SenderState({ company, may }: { company: Company; may: boolean }) {
  const { header, renew } = useOnce();
  const [error, setError] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  const path = { company_id: company.id };
  const sender = useQuery({ queryKey: ["sender", company.id], queryFn: () => answer(api.GET("/companies/{company_id}/sender", { params: { path } })) });
  const unclaimed = sender.error instanceof ProblemError && sender.error.problem.status === 404;
  const prove = async () => {
    setBusy(true);
    setError(undefined);
    try {
      await answer(api.POST("/companies/{company_id}/sender", { params: { path, header } }));
      await queries.invalidateQueries({ queryKey: ["sender", company.id] });
    } catch (failure) {
      setError(failure);
    } finally {
      renew();
      setBusy(false);
    }
  };
  if (sender.error && !unclaimed) return <ProblemNote error={sender.error} retry={() => void sender.refetch()} />;
  if (sender.isPending) return <Wait />;
  const proven = sender.data?.proven_at;
  return (
    <>
      <Facts
        items={[
          ["Endereço", sender.data?.address ?? company.sender_email],
          ["Situação", proven ? <Tag tone="ok">Comprovado</Tag> : <Tag tone="warn">{unclaimed ? "Nunca conferido" : "Aguarda a comprovação"}</Tag>],
          ["Pedido em", sender.data && instant(sender.data.claimed_at)],
          ["Comprovado em", proven && instant(proven)],
        ]}
      />
      {!proven && <p className="soft">Nenhuma mensagem sai deste endereço antes de comprovado: abra o link do e-mail que ele recebe.</p>}
      <ProblemNote error={error} />
      {may && !proven && <div><Button loading={busy} onClick={() => void prove()}>Conferir ou mandar o e-mail</Button></div>}
    </>
  );
}
