// The types of the API and what its values and operations are called, from the description: src/api/schema.d.ts, labels.ts and
// operations.ts.
// The headers of a write are set by the client in one place, so they are optional here.
import { readFileSync, writeFileSync } from "node:fs";
import openapiTS, { astToString } from "openapi-typescript";

const document = JSON.parse(readFileSync(new URL("../docs/api/openapi.json", import.meta.url), "utf8"));
for (const header of Object.values(document.components.parameters)) header.required = false;
plainArrays(document);
const types = await openapiTS(document, { defaultNonNullable: false, rootTypes: true, rootTypesNoSchemaPrefix: true });
writeFileSync(new URL("src/api/schema.d.ts", import.meta.url), astToString(types));

const labels = {};
for (const [name, schema] of Object.entries(document.components.schemas)) {
  if (schema["x-labels"]) labels[name] = schema["x-labels"];
}
const banks = document.components.schemas.BankTerms.properties.bank["x-banks"];
labels.SourceCode = document.components.schemas.ChargeDefinition.properties.source_code["x-labels"];
const subcategories = document.components.schemas.Category["x-subcategories"];
writeFileSync(
  new URL("src/api/labels.ts", import.meta.url),
  `export const labels = ${JSON.stringify(labels, null, 1)} as const;\n` +
    `export const subcategories: Record<string, Record<string, string>> = ${JSON.stringify(subcategories, null, 1)};\n` +
    `/** By code: those of which there are boletos, and the layouts of their files. */\nexport const banks: Record<string, { name: string; layouts: (keyof typeof labels.Layout)[] }> = ${JSON.stringify(banks, null, 1)};\n`,
);

const operations = {};
const filters = {};
for (const [path, methods] of Object.entries(document.paths)) {
  for (const [method, operation] of Object.entries(methods)) {
    operations[`${method.toUpperCase()} ${path}`] = operation.summary;
    for (const parameter of operation.parameters ?? []) if (parameter["x-label"]) filters[parameter.name] = parameter["x-label"];
  }
}
writeFileSync(
  new URL("src/api/operations.ts", import.meta.url),
  `export const operations: Record<string, string> = ${JSON.stringify(operations, null, 1)};\n` +
    `export const filters: Record<string, string> = ${JSON.stringify(filters, null, 1)};\n`,
);

/** openapi-fetch reads the tuple [number, number] as number[]: say so in the types, too. */
function plainArrays(part) {
  if (typeof part !== "object" || part === null) return;
  if (part.prefixItems) {
    part.items = part.prefixItems[0];
    delete part.prefixItems;
    delete part.minItems;
    delete part.maxItems;
  }
  Object.values(part).forEach(plainArrays);
}
