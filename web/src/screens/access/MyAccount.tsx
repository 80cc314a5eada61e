// "Minha conta": who I am here, my second factor, and ending all my sessions (SEC-07).
import { Button, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { answer, api, ProblemError, useOnce } from "../../api/client";
import type { SecondFactor } from "../../api/schema";
import { proveWhoIAm, signOut } from "../../app/auth";
import { named, useCompanies, useMe } from "../../app/me";
import { queries } from "../../app/queries";
import { Action } from "../../parts/Action";
import { Dialog } from "../../parts/Dialog";
import { ProblemNote } from "../../parts/Problem";
import { QrCode } from "../../parts/QrCode";
import { Facts, Heading, Wait } from "../../parts/show";
import { Tag } from "../../parts/Tag";

const HERE = "/minha-conta";
const REGISTERS = `${HERE}?cadastrar=sim`;
const FACTOR = ["second-factor"];

export function MyAccount() {
  const me = useMe().data;
  const navigate = useNavigate();
  const registering = (useSearch({ strict: false }) as { cadastrar?: string }).cadastrar === "sim";
  const companies = named(useCompanies().data);
  const factor = useQuery({ queryKey: FACTOR, queryFn: () => answer(api.GET("/me/second-factor")) });
  const [leaving, setLeaving] = useState(false);
  if (!me) return <Wait />;
  return (
    <>
      <Heading title="Minha conta" />
      <section className="box">
        <h2>Acesso</h2>
        <Facts items={[["Nome", me.name], ["E-mail", me.email], [me.profile_names.length > 1 ? "Perfis" : "Perfil", me.profile_names.join(", ")], ["Empresas", me.second_factor_missing ? undefined : me.company_ids.map(companies).join(", ")]]} />
      </section>
      <section className="box">
        <div className="bar">
          <h2>Segundo fator</h2>
          <span className="grow" />
          {factor.data && <Button variant={factor.data.is_registered ? "default" : "filled"} onClick={() => void proveWhoIAm(REGISTERS)}>{factor.data.is_registered ? "Trocar de aplicativo" : "Cadastrar aplicativo"}</Button>}
        </div>
        <ProblemNote error={factor.error} retry={() => void factor.refetch()} />
        {factor.data && <FactorFacts factor={factor.data} />}
      </section>
      <section className="box">
        <div className="bar"><h2>Sessões</h2><span className="grow" /><Button variant="default" onClick={() => setLeaving(true)}>Encerrar todas as sessões</Button></div>
        <p className="soft">Se você deixou o sistema aberto em outro lugar, encerre tudo daqui: em até meio minuto todas as janelas pedem a senha de novo, esta também.</p>
      </section>
      {registering && <Register onClose={() => void navigate({ to: HERE, replace: true })} />}
      {leaving && (
        <Action title="Encerrar todas as sessões" onClose={() => setLeaving(false)} warning="O que estiver sendo preenchido em outra janela só pode ser concluído depois de entrar de novo." run={(header) => answer(api.POST("/me/sign-out", { params: { header } }))} onDone={signOut} />
      )}
    </>
  );
}

function FactorFacts({ factor }: { factor: SecondFactor }) {
  const state = factor.is_registered ? <Tag tone="ok">cadastrado</Tag> : <Tag tone={factor.is_required ? "bad" : "warn"}>não cadastrado</Tag>;
  return (
    <>
      <Facts items={[["Aplicativo autenticador", state], ["Para o seu perfil", factor.is_required ? "obrigatório: ele movimenta dinheiro" : "recomendado"]]} />
      <p className="soft">{factor.is_registered ? "Ao entrar, além da senha, digita-se o código que o aplicativo mostra. Se perder o aparelho, peça a um administrador que retire o segundo fator." : "Com ele, uma senha roubada não basta para entrar. Serve qualquer aplicativo que gere códigos de 6 dígitos, como o Google Authenticator, o Microsoft Authenticator ou o gerenciador de senhas do celular."}</p>
    </>
  );
}

function Register({ onClose }: { onClose: () => void }) {
  const { header, renew } = useOnce();
  const begun = useQuery({ queryKey: [...FACTOR, "begun", header["Idempotency-Key"]], retry: false, staleTime: Infinity, gcTime: 0, queryFn: () => answer(api.POST("/me/second-factor", { params: { header } })) });
  const [done, setDone] = useState(false);
  const registered = () => {
    setDone(true);
    queries.setQueryData<SecondFactor>(FACTOR, (before) => before && { ...before, is_registered: true }); // this session may ask nothing more
  };
  const stale = begun.error instanceof ProblemError && begun.error.problem.code === "access.fresh_sign_in";
  return (
    <Dialog onClose={done ? signOut : onClose} title="Cadastrar aplicativo autenticador" size="lg">
      {begun.isLoading && <Wait />}
      <ProblemNote error={begun.error} retry={renew} />
      {stale && <div className="bar"><span className="grow" /><Button onClick={() => void proveWhoIAm(REGISTERS)}>Entrar de novo</Button></div>}
      {begun.data && !done && (
        <>
          <ol style={{ display: "grid", gap: 10, margin: 0, paddingLeft: 18 }}>
            <li>No celular, abra o aplicativo autenticador e escolha ler um QR code.</li>
            <li>
              Aponte a câmera para este:
              <div><QrCode rows={begun.data.qr_code} label="QR code do segundo fator" /></div>
              <span className="soft">Sem câmera, digite no aplicativo a chave <code>{begun.data.secret.replace(/(.{4})(?=.)/g, "$1 ")}</code></span>
            </li>
            <li>Digite o código de 6 dígitos que o aplicativo mostra:</li>
          </ol>
          <Confirm onDone={registered} onClose={onClose} />
        </>
      )}
      {done && (
        <div role="status" style={{ display: "grid", gap: 10 }}>
          <div className="note ok"><b>Segundo fator cadastrado.</b> As sessões abertas foram encerradas. Entre de novo, com a senha e o próximo código do aplicativo.</div>
          <div className="bar"><span className="grow" /><Button autoFocus onClick={signOut}>Entrar de novo</Button></div>
        </div>
      )}
    </Dialog>
  );
}

function Confirm({ onDone, onClose }: { onDone: () => void; onClose: () => void }) {
  const { header, renew } = useOnce();
  const [code, setCode] = useState("");
  const [error, setError] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  const digits = code.replace(/\D/g, "");
  const confirm = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    try {
      await answer(api.POST("/me/second-factor/confirmation", { params: { header }, body: { code: digits } }));
      onDone();
    } catch (failure) {
      setError(failure);
      renew(); // another code is another request
    } finally {
      setBusy(false);
    }
  };
  return (
    <form onSubmit={(event) => void confirm(event)} style={{ display: "grid", gap: 10 }}>
      <TextInput label="Código" value={code} onChange={(event) => { setCode(event.currentTarget.value); setError(undefined); }} inputMode="numeric" autoComplete="one-time-code" maxLength={7} w={140} autoFocus />
      <ProblemNote error={error} />
      <div className="bar"><span className="grow" /><Button variant="default" onClick={onClose}>Cancelar</Button><Button type="submit" disabled={digits.length !== 6} loading={busy}>Confirmar</Button></div>
    </form>
  );
}
