// Which of the dialogs and drawers on the page lies uppermost: Escape closes that one and no other.
import { useEffect, useRef } from "react";

type Opened = { close: () => void };
type Key = Pick<KeyboardEvent, "key" | "isComposing" | "target">;

const opened: Opened[] = [];

/** The dialog lies over all that opened before it, until the answered function is called. */
export function lay(dialog: Opened): () => void {
  opened.push(dialog);
  return () => void opened.splice(opened.indexOf(dialog), 1);
}

/** An open list of choices takes the key for itself, and says so on its input. */
const isTaken = (target: EventTarget | null) => (target as Element | null)?.getAttribute?.("data-mantine-stop-propagation") === "true";

export function closeUppermost({ key, isComposing, target }: Key): void {
  if (key === "Escape" && !isComposing && !isTaken(target)) opened.at(-1)?.close();
}

/** One listener for all of them: two would both see the key, in an order that changes with every render. */
export function listen(): () => void {
  window.addEventListener("keydown", closeUppermost, { capture: true });
  return () => window.removeEventListener("keydown", closeUppermost, { capture: true });
}

export function useEscape(close: () => void): void {
  const latest = useRef(close);
  useEffect(() => void (latest.current = close));
  useEffect(() => lay({ close: () => latest.current() }), []);
}
