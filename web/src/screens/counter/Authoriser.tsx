// "Autorizador": the user and password of who lets a discount be given, or a receipt be made in spite of a protest status (PAY-02, PAY-04).
import { Button, PasswordInput, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { answer, api } from "../../api/client";
import { labels } from "../../api/labels";
import type { Authorisation, AuthorisationPurpose } from "../../api/schema";
import { Dialog } from "../../parts/Dialog";
import { ProblemNote } from "../../parts/Problem";

type Props = { purpose: AuthorisationPurpose; customerId: string; onClose: () => void; onGiven: (given: Authorisation) => void };

/** Each try has a key of its own: no answer is kept of a password. */
export function Authoriser({ purpose, customerId, onClose, onGiven }: Props) {
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const [error, setError] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setError(undefined);
    try {
      onGiven(await answer(api.POST("/authorisations", { params: { header: { "Idempotency-Key": crypto.randomUUID() } }, body: { purpose, customer_id: customerId, email, password } })));
    } catch (failure) {
      setError(failure);
      setPassword("");
    } finally {
      setBusy(false);
    }
  };
  return (
    <Dialog onClose={onClose} title={`Autorizador: ${labels.AuthorisationPurpose[purpose].toLowerCase()}`}>
      <form onSubmit={(event) => void submit(event)} style={{ display: "grid", gap: 10 }}>
        <TextInput label="Usuário do autorizador (e-mail)" type="email" autoComplete="off" value={email} onChange={(event) => setEmail(event.currentTarget.value)} data-autofocus />
        <PasswordInput label="Senha do autorizador" autoComplete="off" value={password} onChange={(event) => setPassword(event.currentTarget.value)} visibilityToggleButtonProps={{ "aria-label": "Mostrar a senha" }} />
        <ProblemNote error={error} />
        <div className="bar">
          <span className="grow" />
          <Button variant="default" onClick={onClose}>Cancelar</Button>
          <Button type="submit" loading={busy} disabled={email === "" || password === ""}>Autorizar</Button>
        </div>
      </form>
    </Dialog>
  );
}
