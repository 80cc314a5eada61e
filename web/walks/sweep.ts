// What the walks have to have looked at: every route of the console, and every dialog and drawer that its source opens. Read
// from the source, so that a new one that no walk inspects fails here.
import { readdirSync, readFileSync } from "node:fs";
import ts from "typescript";
import { labels } from "../src/api/labels";

const SRC = new URL("../src/", import.meta.url);
const read = (file: string) => ts.createSourceFile(file, readFileSync(new URL(file, SRC), "utf8"), ts.ScriptTarget.Latest, true, ts.ScriptKind.TSX);
const files = () => readdirSync(SRC, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".tsx")).sort();

export type Wanted = { where: string; pattern: RegExp };

/** "/clientes/$customerId" -> /^\/clientes\/[^/]+$/ */
export function routes(): Wanted[] {
  const found = [...readFileSync(new URL("routes.tsx", SRC), "utf8").matchAll(/^ {2}\["(\/[^"]*)", \(\) => import/gm)].map((match) => match[1]!);
  return found.map((path) => ({ where: path, pattern: new RegExp(`^${path.replace(/\$\w+/g, "[^/]+")}$`) }));
}

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

type Elements = ts.JsxOpeningElement | ts.JsxSelfClosingElement;
const isElement = (node: ts.Node): node is Elements => ts.isJsxOpeningElement(node) || ts.isJsxSelfClosingElement(node);

function nodesOf(node: ts.Node, found: ts.Node[] = []): ts.Node[] {
  found.push(node);
  ts.forEachChild(node, (child) => void nodesOf(child, found));
  return found;
}

/** The titles that an expression may come to, what is not written out as anything; undefined where all of it is handed in. */
function titlesOf(expression: ts.Expression, source: ts.SourceFile): string[] | undefined {
  if (ts.isParenthesizedExpression(expression)) return titlesOf(expression.expression, source);
  if (ts.isStringLiteral(expression) || ts.isNoSubstitutionTemplateLiteral(expression)) return [escaped(expression.text)];
  if (ts.isTemplateExpression(expression)) return [escaped(expression.head.text) + expression.templateSpans.map((span) => `.+${escaped(span.literal.text)}`).join("")];
  if (ts.isConditionalExpression(expression)) return [expression.whenTrue, expression.whenFalse].flatMap((branch) => titlesOf(branch, source) ?? [".+"]);
  if (ts.isElementAccessExpression(expression) && ts.isIdentifier(expression.expression)) return tableOf(expression.expression.text, source);
  if (ts.isElementAccessExpression(expression) && ts.isPropertyAccessExpression(expression.expression)) return labelsOf(expression.expression, source);
  return undefined;
}

/** TITLES[tool]: the texts of the constant. */
function tableOf(name: string, source: ts.SourceFile): string[] | undefined {
  for (const node of nodesOf(source)) {
    if (!ts.isVariableDeclaration(node) || node.name.getText() !== name || !node.initializer || !ts.isObjectLiteralExpression(node.initializer)) continue;
    return node.initializer.properties.flatMap((one) => (ts.isPropertyAssignment(one) && ts.isStringLiteral(one.initializer) ? [escaped(one.initializer.text)] : []));
  }
  return undefined;
}

/** labels.ContractTool[tool]: what the API calls those of its values that the file names. */
function labelsOf({ expression, name }: ts.PropertyAccessExpression, source: ts.SourceFile): string[] | undefined {
  if (expression.getText() !== "labels") return undefined;
  const named = new Set(nodesOf(source).flatMap((node) => (ts.isStringLiteral(node) ? [node.text] : [])));
  return Object.entries(labels[name.text as keyof typeof labels]).flatMap(([value, label]) => (named.has(value) ? [escaped(label)] : []));
}

const attribute = (element: Elements, name: string): ts.Expression | undefined => {
  const found = element.attributes.properties.find((one): one is ts.JsxAttribute => ts.isJsxAttribute(one) && one.name.getText() === name);
  const value = found?.initializer;
  return value && ts.isJsxExpression(value) ? value.expression : (value as ts.Expression | undefined);
};

/** The component whose body the node stands in. */
function componentOf(node: ts.Node): string {
  for (let up: ts.Node | undefined = node; up; up = up.parent) {
    if (ts.isFunctionDeclaration(up) && up.name && /^[A-Z]/.test(up.name.text)) return up.name.text;
    if (ts.isVariableDeclaration(up) && ts.isIdentifier(up.name) && /^[A-Z]/.test(up.name.text)) return up.name.text;
  }
  return "";
}

let found: Wanted[] | undefined;
export const dialogs = (): Wanted[] => (found ??= findDialogs());

/** Every dialog and drawer by its title, save those whose title is a name of what it shows; a component that hands its own title on is asked for where it is used, in its file. */
function findDialogs(): Wanted[] {
  const wanted: Wanted[] = [];
  for (const file of files()) {
    if (["parts/Dialog.tsx", "parts/Action.tsx", "parts/TextAction.tsx"].includes(file)) continue;
    const source = read(file);
    const opens = new Set(["Dialog", "Drawer", "Action", "TextAction"]);
    const elements = nodesOf(source).filter(isElement);
    for (let grown = -1; grown !== opens.size; ) {
      grown = opens.size;
      for (const element of elements) {
        const title = opens.has(element.tagName.getText()) ? attribute(element, "title") : undefined;
        if (title && ts.isIdentifier(title) && title.text === "title" && elements.some((one) => one.tagName.getText() === componentOf(element) && attribute(one, "title"))) opens.add(componentOf(element));
      }
    }
    for (const element of elements) {
      if (!opens.has(element.tagName.getText())) continue;
      const title = attribute(element, "title");
      if (title && ts.isIdentifier(title) && opens.has(componentOf(element))) continue;
      const titles = (title && titlesOf(title, source)) ?? [".+"];
      wanted.push(...titles.filter((text) => /\p{L}/u.test(text)).map((text) => ({ where: `${file} ${text}`, pattern: new RegExp(`^${text}$`) })));
    }
  }
  return wanted;
}

export type Inspected = { path: string; dialogs: string[] };

/** Not inspected yet. Nothing is added here: a new screen or dialog comes with a walk that inspects it. */
export const NOT_YET: string[] = ["screens/invoicing/InvoiceInstructions.tsx Enviar instrução de novo"];

export function missed(inspected: Inspected[]): string[] {
  const paths = inspected.map((one) => one.path);
  const titles = inspected.flatMap((one) => one.dialogs);
  return [
    ...routes().filter(({ pattern }) => !paths.some((path) => pattern.test(path))).map(({ where }) => where),
    ...dialogs().filter(({ pattern }) => !titles.some((title) => pattern.test(title))).map(({ where }) => where),
  ];
}
