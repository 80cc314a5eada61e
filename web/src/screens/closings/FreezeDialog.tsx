// "Congelando um fechamento": before its end, both options of the manual; partial passages, integral or pro rata.
import { Checkbox, Radio } from "@mantine/core";
import { useState } from "react";
import { answer, api, ifMatch } from "../../api/client";
import { labels } from "../../api/labels";
import type { ClosingDetail, PassageMode } from "../../api/schema";
import { useToday } from "../../app/me";
import { period } from "../../format/date";
import { brl } from "../../format/money";
import { Action } from "../../parts/Action";
import type { Path } from "./Closing";

export function FreezeDialog({ closing, path, onClose }: { closing: ClosingDetail; path: Path; onClose: () => void }) {
  const today = useToday();
  const early = today < closing.period.end;
  const [merge, setMerge] = useState(false);
  const passing = closing.issues.filter((issue) => issue.code === "closing.partial_passage" && issue.item_id !== undefined);
  const [modes, setModes] = useState<Record<string, PassageMode>>(() => closing.partial_passages);
  return (
    <Action
      title="Congelar o fechamento" items={[{ id: closing.id, text: `${closing.contract_title} · ${period(closing.period)} · ${brl(closing.total)}` }]} onClose={onClose}
      button={early && !merge ? "Congelar" : "Congelar e fechar"}
      warning={closing.issues.length > 0 ? <PendingIssues of={closing} /> : undefined}
      run={(_header, confirmed) =>
        answer(
          api.PUT("/customers/{customer_id}/closings/{closing_id}/freeze", {
            params: { path, header: ifMatch(closing.version) },
            body: { confirm: confirmed || closing.issues.length > 0, ...(early ? { merge_remaining: merge } : {}), partial_passages: modes },
          }),
        )
      }
    >
      {early && (
        <Checkbox
          checked={merge} onChange={(event) => setMerge(event.currentTarget.checked)} label="Incorporar os dias restantes deste fechamento no próximo período"
          description={merge ? "O próximo fechamento começa agora e vai até o fim do período seguinte." : "Um novo fechamento é criado no período atual, da data de congelamento até o fim."}
        />
      )}
      {passing.map((issue) => (
        <Radio.Group key={issue.item_id} label={`${issue.item}: passagem parcial`} value={modes[issue.item_id!] ?? ""} onChange={(mode) => setModes({ ...modes, [issue.item_id!]: mode as PassageMode })}>
          <div className="bar" style={{ marginTop: 4 }}>
            <Radio value="full" label={labels.PassageMode.full} />
            <Radio value="pro_rata" label={labels.PassageMode.pro_rata} />
          </div>
        </Radio.Group>
      ))}
    </Action>
  );
}

/** What a freeze by hand passes over, said before the deed. */
export const PendingIssues = ({ of: { issues } }: { of: ClosingDetail }) => (
  <>
    <b>{issues.length === 1 ? "Há uma pendência" : `Há ${issues.length} pendências`}.</b> Congelar assim ignora o que não for resolvido.
    <ul>{issues.map((issue, i) => <li key={i}>{issue.title}{issue.item && `: ${issue.item}`}</li>)}</ul>
  </>
);
