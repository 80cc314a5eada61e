// One button of a list's toolbar: grey, and why, where nothing ticked lets it be done.
import { Button, Tooltip } from "@mantine/core";

type Offer = { action: string; reasons: { message: string; severity: string }[] };

/** Why none of these things lets it be done now, in the words with which the API would refuse; undefined where one does. */
export function whyNot(action: string, chosen: { actions: Offer[] }[]): string | undefined {
  const blocked = chosen.map((thing) => thing.actions.find((offer) => offer.action === action)?.reasons.filter((reason) => reason.severity === "blocks") ?? []);
  return blocked.every((reasons) => reasons.length > 0) ? blocked[0]?.map((reason) => reason.message).join(" ") : undefined;
}

type Props = {
  words: string;
  chosen: unknown[];
  why?: string | undefined;
  /** It is done to one at a time. */
  one?: boolean;
  variant?: "default" | "filled";
  onClick: () => void;
};

export function Tool({ words, chosen, why, one = false, variant = "default", onClick }: Props) {
  const reason = chosen.length === 0 ? "Marque na lista." : one && chosen.length > 1 ? "Marque só uma linha." : why;
  const button = (
    <Button variant={variant} data-disabled={reason !== undefined || undefined} aria-disabled={reason !== undefined || undefined} onClick={(event) => (reason === undefined ? onClick() : event.preventDefault())}>
      {words}
    </Button>
  );
  return reason === undefined ? button : <Tooltip label={reason} multiline maw={420} events={{ hover: true, focus: true, touch: true }}>{button}</Tooltip>;
}
