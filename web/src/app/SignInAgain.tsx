import { Button } from "@mantine/core";
import { useState } from "react";
import { queries } from "./queries";
import { signInAgain } from "./auth";

/** Sign-in in a window of its own: what was being typed on this screen stays. */
export function SignInAgain({ then }: { then?: (() => void) | undefined }) {
  const [done, setDone] = useState(false);
  const enter = async () => {
    await signInAgain();
    setDone(true);
    await queries.invalidateQueries();
    then?.();
  };
  if (done) return <div className="note ok" role="status">Você entrou de novo. Continue de onde parou.</div>;
  return (
    <div className="note warn" role="alert">
      <b>Sua sessão terminou.</b> Entre de novo para continuar de onde parou; nada do que foi digitado se perde.
      <div><Button mt={8} onClick={() => void enter()}>Entrar de novo</Button></div>
    </div>
  );
}
