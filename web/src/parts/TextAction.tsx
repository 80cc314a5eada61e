// A command that asks for one text: why, or what is noted. The text goes with the dialog, so that the next one begins blank.
import { Textarea } from "@mantine/core";
import { type ReactNode, useState } from "react";
import { Action, type Item } from "./Action";

type Props = {
  title: string;
  label: string;
  items?: Item[];
  warning?: ReactNode;
  onClose: () => void;
  run: (header: { "Idempotency-Key": string }, text: string) => Promise<unknown>;
};

export function TextAction({ label, run, ...rest }: Props) {
  const [text, setText] = useState("");
  return (
    <Action {...rest} ready={text.trim() !== ""} run={(header) => run(header, text)}>
      <Textarea label={label} value={text} onChange={(event) => setText(event.currentTarget.value)} data-autofocus />
    </Action>
  );
}
