/** The focus to the screen's content: from there Tab reaches its first tool, and what opens over it comes back to it. */
export const toContent = (): void => document.getElementById("conteudo")?.focus({ preventScroll: true });
