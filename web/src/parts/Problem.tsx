// What went wrong, in the API's own words, with every reason; and what can be done about it.
import { Button } from "@mantine/core";
import { ProblemError } from "../api/client";
import { labels } from "../api/labels";
import { SignedOut } from "../app/auth";
import { SignInAgain } from "../app/SignInAgain";

export function ProblemNote({ error, retry }: { error: unknown; retry?: (() => void) | undefined }) {
  if (!error) return null;
  if (error instanceof SignedOut) return <SignInAgain then={retry} />;
  const problem = error instanceof ProblemError ? error.problem : undefined;
  const reasons = problem?.reasons ?? [];
  const alone = reasons.length === 1 && reasons[0]!.message === problem?.title;
  return (
    <div className="note bad" role="alert">
      <b>{problem?.title ?? "Algo falhou nesta tela. Tente de novo."}</b>
      {reasons.length > 0 && !alone && (
        <ul>
          {reasons.map((reason, i) => (
            <li key={i}>{reason.message}{reason.severity !== "blocks" && <span className="soft"> ({labels.Severity[reason.severity]})</span>}</li>
          ))}
        </ul>
      )}
      {error instanceof ProblemError && error.requestId && problem!.status >= 500 && <div className="soft">Pedido {error.requestId}</div>}
      {retry && (problem === undefined || problem.status === 0 || problem.status >= 500) && (
        <Button mt={8} variant="default" onClick={retry}>Tentar de novo</Button>
      )}
    </div>
  );
}
