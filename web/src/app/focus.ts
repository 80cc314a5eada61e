/** The focus to the screen's content: from there Tab reaches its first tool, and what opens over it comes back to it. */
export const toContent = (): void => document.getElementById("conteudo")?.focus({ preventScroll: true });

/** When a dialog goes, the focus goes back to what it was on when the dialog came, or to the content where that has gone
 *  too. Here once for all of them, for a dialog is taken off the page with what opened it. Answers how to stop. */
export function returnFocus(): () => void {
  const before: Element[] = [];
  const observer = new MutationObserver(() => {
    const count = document.querySelectorAll("[role=dialog]").length;
    while (before.length < count) before.push(document.activeElement ?? document.body);
    const left = before.splice(count)[0];
    if (left === undefined || document.activeElement !== document.body) return;
    if (left instanceof HTMLElement && left.isConnected) left.focus({ preventScroll: true });
    if (document.activeElement === document.body) toContent();
  });
  observer.observe(document.body, { childList: true, subtree: true });
  return () => observer.disconnect();
}
