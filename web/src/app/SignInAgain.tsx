import { Button } from "@mantine/core";
import { queries } from "./queries";
import { signInAgain } from "./auth";

/** Sign-in in a window of its own: what was being typed on this screen stays. */
export function SignInAgain({ then }: { then?: (() => void) | undefined }) {
  const enter = async () => {
    await signInAgain();
    await queries.invalidateQueries();
    then?.();
  };
  return (
    <div className="note warn" role="alert">
      <b>Sua sessão terminou.</b> Entre de novo para continuar de onde parou; nada do que foi digitado se perde.
      <div><Button mt={8} onClick={() => void enter()}>Entrar de novo</Button></div>
    </div>
  );
}
