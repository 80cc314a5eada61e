// What no screen may show: ids, keys of the API, days as machines write them, English. Pure, so that it is tested without a browser.

const FORBIDDEN: [kind: string, pattern: RegExp][] = [
  ["id", /\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/i],
  ["id", /\b[a-z]{2,5}_[0-9a-z]{4,26}\b/],
  ["id", /\b(?=\d*[a-f])[0-9a-f]{32,}\b/],
  ["key", /^[a-z][a-z_]*(\.[a-z_]+)+$/],
  ["key", /\b[a-z]+_[a-z_]+\b/],
  ["day", /\b\d{4}-\d{2}-\d{2}\b/],
  ["program", /\b(undefined|null|NaN|true|false)\b|\[object /],
  ["English", /\b(the|and|of|with|without|from|must|should|not|failed|unknown|invalid|customer|invoice|charge|amount|settled|unbilled|pending|refused|rejected)\b/i],
];

/** A file's name, an address or a domain: what people named themselves. */
const OWN = /\S+@\S+|https?:\/\/\S+|\b[\w.-]+\.(example|br|com|csv|txt|rem|ret|ofx|pdf|xml|pfx)\b|#\w+#/gi;

export const wrongWords = (texts: string[]): string[] =>
  [...new Set(texts)].flatMap((text) => {
    const shown = text.replace(OWN, "").trim();
    const [kind] = FORBIDDEN.find(([, pattern]) => pattern.test(shown)) ?? [];
    return kind === undefined ? [] : [`${kind}: ${text.trim().slice(0, 160)}`];
  });

/** Every text that a person sees or hears of the page, but what a file must hold to the letter (code); runs in the page. */
export function textsOnPage(): string[] {
  const texts: string[] = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const parent = node.parentElement;
    if (parent && !parent.closest("script, style, iframe, code") && parent.checkVisibility() && node.textContent?.trim()) texts.push(node.textContent);
  }
  for (const element of document.body.querySelectorAll("[title], [aria-label], [placeholder], [alt]")) {
    if (!element.checkVisibility() || element.querySelector("code")) continue;
    for (const name of ["title", "aria-label", "placeholder", "alt"]) texts.push(element.getAttribute(name) ?? "");
  }
  return texts.filter((text) => text.trim());
}
