// A fiscal document in full: its data, print, XML and history; consult, cancel, mend or give up (FIS-03..05).
import { Button, Tabs, Textarea } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { answer, api } from "../../api/client";
import { labels } from "../../api/labels";
import type { FiscalDocument, Observations } from "../../api/schema";
import { useMay } from "../../app/me";
import { instant, month } from "../../format/date";
import { brl } from "../../format/money";
import { Action } from "../../parts/Action";
import { Drawer } from "../../parts/Dialog";
import { History } from "../../parts/History";
import { ProblemNote } from "../../parts/Problem";
import { Facts, PdfView, Wait } from "../../parts/show";
import { allPages } from "../../parts/remote";

const pathOf = (document: FiscalDocument) => ({ customer_id: document.customer_id, invoice_id: document.invoice_id, document_id: document.id });

export function FiscalDocumentDrawer({ document: opened, onClose }: { document: FiscalDocument; onClose: () => void }) {
  const path = pathOf(opened);
  const read = useQuery({
    queryKey: ["fiscal-document", opened.id],
    initialData: opened,
    queryFn: () => answer(api.GET("/customers/{customer_id}/invoices/{invoice_id}/fiscal-documents/{document_id}", { params: { path } })),
  });
  const [tab, setTab] = useState<string | null>("dados");
  const document = read.data;
  const isSigned = document.attempts > 0 && document.number !== undefined;
  return (
    <Drawer onClose={onClose} size={760} title={`${labels.FiscalModel[document.model]} ${document.number ?? "sem número"}`} styles={{ body: { height: "calc(100% - 60px)" } }}>
      <ProblemNote error={read.error} retry={() => void read.refetch()} />
      <Tabs value={tab} onChange={setTab} keepMounted={false} style={{ height: "100%", display: "flex", flexDirection: "column" }}>
        <Tabs.List aria-label="Documento fiscal">
          <Tabs.Tab value="dados">Dados</Tabs.Tab>
          {isSigned && (document.model !== "nfse" || document.nfse_key) && <Tabs.Tab value="pdf">Impressão</Tabs.Tab>}
          <Tabs.Tab value="historico">Histórico</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value={tab ?? "dados"} pt={12} style={{ flex: 1, minHeight: 0, overflow: "auto" }}>
          {tab === "dados" && <DocumentFacts document={document} />}
          {tab === "pdf" && <DocumentPdf document={document} />}
          {tab === "historico" && <History id={document.id} read={() => allPages((cursor) => answer(api.GET("/customers/{customer_id}/invoices/{invoice_id}/fiscal-documents/{document_id}/history", { params: { path, query: { cursor } } })))} />}
        </Tabs.Panel>
      </Tabs>
    </Drawer>
  );
}

function DocumentFacts({ document }: { document: FiscalDocument }) {
  const path = pathOf(document);
  const may = useMay("fiscal:issue");
  const [doing, setDoing] = useState<"consult" | "cancel" | "issue" | "give-up">();
  const [error, setError] = useState<unknown>();
  const close = () => setDoing(undefined);
  const item = [{ id: document.id, text: `${labels.FiscalModel[document.model]} ${document.number ?? ""} · ${brl(document.amount)}` }];
  const download = async () => {
    setError(undefined);
    try {
      window.open((await answer(api.GET("/customers/{customer_id}/invoices/{invoice_id}/fiscal-documents/{document_id}/xml", { params: { path } }))).url, "_blank", "noreferrer");
    } catch (failure) {
      setError(failure);
    }
  };
  const consultable = ["signed", "unknown", "authorised"].includes(document.state);
  const observations = document.observations;
  return (
    <div style={{ display: "grid", gap: 12 }}>
      {document.reason && <div className={document.state === "rejected" ? "note bad" : "note warn"}>{document.reason}</div>}
      {document.cancellation && <div className="note warn">Cancelamento pedido em {instant(document.cancellation.at)}, sem resposta do autorizador: consulte.</div>}
      <Facts
        items={[
          ["Situação", labels.DocumentState[document.state]],
          ["Ambiente", labels.Environment[document.environment]],
          ["Número e série", document.number ? `${document.number}, série ${document.series}` : undefined],
          ["Competência", month(document.month)],
          ["Valor", brl(document.amount)],
          ["Emitido em", document.issued_at ? instant(document.issued_at) : undefined],
          [document.model === "nfse" ? "Declaração (DPS)" : "Chave de acesso", document.key && <span style={{ overflowWrap: "anywhere" }}>{document.key}</span>],
          ["Chave da NFS-e", document.nfse_key && <span style={{ overflowWrap: "anywhere" }}>{document.nfse_key}</span>],
          ["Protocolo", document.protocol],
          ["Autorizado em", document.authorised_at ? instant(document.authorised_at) : undefined],
          ["Observações", [observations.customer_first, observations.customer_second, observations.month, observations.contract].filter(Boolean).join(" · ") || "as do cadastro"],
        ]}
      />
      <div className="bar">
        {document.attempts > 0 && document.number && <Button variant="default" onClick={() => void download()}>Baixar o XML</Button>}
        {may && consultable && <Button variant="default" onClick={() => setDoing("consult")}>Consultar</Button>}
        {may && document.state === "authorised" && <Button variant="default" onClick={() => setDoing("cancel")}>Cancelar a nota</Button>}
        {may && ["rejected", "pending", "cancelled"].includes(document.state) && <Button onClick={() => setDoing("issue")}>Emitir de novo</Button>}
        {may && document.state === "rejected" && <Button variant="default" onClick={() => setDoing("give-up")}>Desistir</Button>}
      </div>
      <ProblemNote error={error} />
      {doing === "consult" && <Action title="Consultar no autorizador" button="Consultar" items={item} onClose={close} run={(header) => answer(api.POST("/customers/{customer_id}/invoices/{invoice_id}/fiscal-documents/{document_id}/consultation", { params: { path, header } }))} />}
      {doing === "give-up" && <Action title="Desistir do documento" button="Desistir" items={item} onClose={close} warning="O número vai para o próximo documento da série, e a fatura volta a poder ser alterada." run={(header) => answer(api.POST("/customers/{customer_id}/invoices/{invoice_id}/fiscal-documents/{document_id}/giving-up", { params: { path, header } }))} />}
      {doing === "cancel" && <Cancel document={document} onClose={close} />}
      {doing === "issue" && <IssueAgain document={document} onClose={close} />}
    </div>
  );
}

function Cancel({ document, onClose }: { document: FiscalDocument; onClose: () => void }) {
  const [reason, setReason] = useState("");
  return (
    <Action
      title={`Cancelar a nota ${document.number}`} button="Cancelar a nota" onClose={onClose} ready={reason.trim().length >= 15} warning="O número fica usado, e a fatura volta a precisar de documento."
      run={(header) => answer(api.POST("/customers/{customer_id}/invoices/{invoice_id}/fiscal-documents/{document_id}/cancellation", { params: { path: pathOf(document), header }, body: { reason: reason.trim() } }))}
    >
      <Textarea label="Motivo" description="De 15 a 255 caracteres: vai ao autorizador." maxLength={255} value={reason} onChange={(event) => setReason(event.currentTarget.value)} data-autofocus />
    </Action>
  );
}

function IssueAgain({ document, onClose }: { document: FiscalDocument; onClose: () => void }) {
  const [data, set] = useState<Observations>(document.observations);
  const field = (name: keyof Observations, label: string, focus = false) => (
    <Textarea label={label} autosize minRows={1} value={data[name] ?? ""} onChange={(event) => set({ ...data, [name]: event.currentTarget.value || undefined })} data-autofocus={focus || undefined} />
  );
  const given = Object.values(data).some(Boolean);
  return (
    <Action
      title="Emitir de novo" button="Emitir" onClose={onClose}
      run={(header) => answer(api.POST("/customers/{customer_id}/invoices/{invoice_id}/fiscal-documents", { params: { path: { customer_id: document.customer_id, invoice_id: document.invoice_id }, header }, body: given ? { observations: data } : {} }))}
    >
      <p className="soft">Em branco, vão as observações do cadastro, da competência e do contrato.</p>
      {field("customer_first", "Observação 1 do cliente", true)}
      {field("customer_second", "Observação 2 do cliente")}
      {field("month", "Observação da competência")}
      {field("contract", "Observação do contrato")}
    </Action>
  );
}

function DocumentPdf({ document }: { document: FiscalDocument }) {
  const link = useQuery({
    queryKey: ["fiscal-document-pdf", document.id, document.version],
    gcTime: 0,
    queryFn: () => answer(api.GET("/customers/{customer_id}/invoices/{invoice_id}/fiscal-documents/{document_id}/pdf", { params: { path: pathOf(document) } })),
  });
  if (link.error) return <ProblemNote error={link.error} retry={() => void link.refetch()} />;
  return link.data ? <div style={{ height: "100%", display: "flex", flexDirection: "column" }}><PdfView url={link.data.url} name={`${document.model === "nfse" ? "nfse" : "nfcom"}-${document.number}`} /></div> : <Wait />;
}
