// Who may come in: first password, second factor, sign-out everywhere, rights; in an account that does not waive the second factor.
import { createHmac } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { aid, choose, close, finish, finished, inspect, open, ORIGIN, row, stored } from "./walk";

const MAILBOX = process.env.MAILBOX!;
const RUI = JSON.parse(process.env.SECURED!) as { email: string; password: string };
const RITA = { email: "rita.campos@boreal.example", password: "Maracujá-azedo-77" };

let rui: Page; // one browser each, and another of Rita's
let rita: Page;
let elsewhere: Page;
beforeAll(async () => {
  [rui, rita, elsewhere] = (await Promise.all([open(), open(), open()].map(async (context) => (await context).newPage()))) as [Page, Page, Page];
});
afterAll(close);

/** What the authenticator of a secret shows (RFC 6238); each half minute's code is taken once, so it may be one behind or ahead. */
class Authenticator {
  private last = 0;
  constructor(private secret: string) {}

  async code(): Promise<string> {
    const now = Math.floor(Date.now() / 30_000);
    const isEarly = Date.now() % 30_000 < 15_000; // the one behind is about to be taken no more
    const step = Math.max(isEarly ? now - 1 : now, this.last + 1);
    if (step > now + 1) await new Promise((done) => setTimeout(done, (step - 1) * 30_000 - Date.now()));
    this.last = step;
    return this.at(step);
  }

  /** No code of any half minute that would be taken now. */
  wrong(): string {
    const now = Math.floor(Date.now() / 30_000);
    const right = [-2, -1, 0, 1, 2].map((near) => this.at(now + near));
    return ["111111", "222222", "333333", "444444", "555555", "666666"].find((code) => !right.includes(code))!;
  }

  private at(step: number): string {
    const bits = [...this.secret].map((letter) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(letter).toString(2).padStart(5, "0")).join("");
    const key = Buffer.from(bits.match(/.{8}/g)!.map((byte) => parseInt(byte, 2)));
    const counter = Buffer.alloc(8);
    counter.writeBigUInt64BE(BigInt(step));
    const hash = createHmac("sha1", key).update(counter).digest();
    return String((hash.readUInt32BE(hash.at(-1)! & 15) & 0x7fffffff) % 1_000_000).padStart(6, "0");
  }
}

/** The newest mail to the address, as text. */
async function mailTo(email: string): Promise<string> {
  for (let tries = 0; tries < 100; tries++) {
    const files = readdirSync(MAILBOX).filter((name) => name.startsWith("acesso-")).map((name) => join(MAILBOX, name));
    const newest = files.map((path) => ({ at: statSync(path).mtimeMs, text: readFileSync(path, "utf8") })).filter(({ text }) => text.includes(`To: ${email}`)).sort((a, b) => b.at - a.at)[0];
    if (newest) return newest.text;
    await new Promise((done) => setTimeout(done, 50));
  }
  throw new Error(`no mail to ${email}`);
}

const dialog = (page: Page) => page.getByRole("dialog");

async function enter(page: Page, { email, password }: { email: string; password: string }): Promise<void> {
  await page.getByLabel("E-mail").fill(email);
  await page.getByLabel("Senha").fill(password);
  await page.getByRole("button", { name: "Entrar", exact: true }).click();
}

async function giveCode(page: Page, code: string): Promise<void> {
  await page.getByLabel("Código do aplicativo autenticador").fill(code);
  await page.getByRole("button", { name: "Entrar" }).click();
}

/** From "Minha conta": the password again, the QR code as a camera reads it, the first code. */
async function enrol(page: Page, who: { email: string; password: string }, name: string): Promise<Authenticator> {
  await page.getByRole("button", { name: "Cadastrar aplicativo" }).click();
  await enter(page, who);
  const drawn = page.getByRole("img", { name: "QR code do segundo fator" });
  await drawn.waitFor();
  const read = aid("qr", stored(`${name}-qr.png`, await drawn.screenshot())).toString();
  expect(read).toContain(`Mensal:${who.email.replace("@", "%40")}`);
  return new Authenticator(new URL(read).searchParams.get("secret")!);
}

async function confirmed(page: Page, authenticator: Authenticator): Promise<void> {
  await page.getByLabel("Código", { exact: true }).fill(await authenticator.code());
  await page.getByRole("button", { name: "Confirmar" }).click();
  await page.getByText("Segundo fator cadastrado.").waitFor();
}

let ruis: Authenticator;
let ritas: Authenticator;

it("lets who moves money do nothing but register a second factor, and asks for its code from then on", async () => {
  await rui.goto(ORIGIN);
  await enter(rui, RUI);
  await rui.getByRole("heading", { name: "Falta o segundo fator" }).waitFor();
  await rui.getByRole("button", { name: /Rui Reis/ }).focus(); // by keyboard
  await rui.keyboard.press("Enter");
  await rui.getByRole("menuitem", { name: "Minha conta" }).focus();
  await rui.keyboard.press("Enter");
  await rui.getByText("não cadastrado").waitFor();
  await inspect(rui, "minha-conta");

  ruis = await enrol(rui, RUI, "segundo-fator");
  await rui.getByLabel("Código", { exact: true }).fill(ruis.wrong());
  await rui.getByRole("button", { name: "Confirmar" }).click();
  await dialog(rui).getByText(/O código não confere/).waitFor();
  await inspect(rui, "cadastrar-segundo-fator");
  await confirmed(rui, ruis);
  await rui.getByText("cadastrado", { exact: true }).waitFor(); // behind the dialog, too
  await inspect(rui, "segundo-fator-cadastrado");

  await rui.getByRole("button", { name: "Entrar de novo" }).click();
  await enter(rui, RUI);
  await giveCode(rui, ruis.wrong());
  await rui.getByText("O código não confere.").waitFor();
  await inspect(rui, "entrar-codigo");
  await giveCode(rui, await ruis.code());
  await rui.getByRole("link", { name: "Usuários" }).click();
  await row(rui, "Rui Reis").waitFor(); // it manages accesses, and opens
  expect(await rui.getByRole("heading", { name: "Falta o segundo fator" }).count()).toBe(0);
});

/** One more profile for the person whose dialog is open. */
async function give(profile: string): Promise<void> {
  await dialog(rui).locator(".mantine-MultiSelect-input", { has: rui.getByRole("combobox", { name: "Perfis", exact: true }) }).click();
  await rui.getByRole("option", { name: profile }).click();
  await rui.keyboard.press("Tab"); // the list closes
}

it("invites a person, and makes them the second administrator", async () => {
  await rui.getByRole("button", { name: "Convidar" }).click();
  await dialog(rui).getByLabel("Nome").fill("Rita Campos");
  await dialog(rui).getByLabel("E-mail").fill(RITA.email);
  await inspect(rui, "convidar");
  await finish(rui);
  await finished(rui);
  await row(rui, "Rita Campos").getByRole("checkbox").check();
  await rui.getByRole("button", { name: "Alterar acesso" }).click();
  await give("Administrador");
  await dialog(rui).getByText(/^Passa a poder:.*estornar recebimentos/).waitFor();
  await inspect(rui, "alterar-acesso");
  await finish(rui);
  await finished(rui);
  await row(rui, "Rita Campos").filter({ hasText: "Administrador" }).waitFor();
  await inspect(rui, "usuarios");
  await rui.getByRole("link", { name: "Perfis", exact: true }).click();
  await row(rui, "configurar profiles de pagamento").waitFor();
  await inspect(rui, "perfis");
});

it("makes a profile from another one, and shows what its change does to whom before it is done", async () => {
  await rui.getByRole("button", { name: "Novo perfil" }).click();
  await dialog(rui).getByLabel("Nome do perfil").fill("Atendimento");
  await choose(rui, "A partir de (em branco: nenhuma permissão)", "Consulta");
  await dialog(rui).getByLabel("incluir e alterar cadastros").check();
  await inspect(rui, "novo-perfil");
  await finish(rui);
  await finished(rui);
  await rui.getByRole("link", { name: "Usuários" }).click();
  await row(rui, "Rita Campos").getByRole("checkbox").check();
  await rui.getByRole("button", { name: "Alterar acesso" }).click();
  await give("Atendimento");
  await finish(rui);
  await finished(rui);
  await rui.getByRole("link", { name: "Perfis", exact: true }).click();
  await choose(rui, "Perfil da conta", "Atendimento");
  await rui.getByRole("button", { name: "Alterar perfil" }).click();
  await dialog(rui).getByLabel("incluir e alterar cadastros").uncheck();
  await dialog(rui).getByRole("cell", { name: "Rita Campos" }).waitFor(); // an administrator: nothing is lost
  await inspect(rui, "alterar-perfil");
  await finish(rui);
  await finished(rui);
  await rui.getByRole("button", { name: "Excluir perfil" }).click();
  await finish(rui);
  await dialog(rui).getByText(/Ainda têm este perfil: Rita Campos/).first().waitFor();
  await inspect(rui, "excluir-perfil");
  rui.once("dialog", (question) => void question.accept());
  await rui.keyboard.press("Escape");
  await finished(rui);
  await rui.getByRole("link", { name: "Usuários" }).click();
});

it("takes the first password once, and asks for one that is good enough", async () => {
  const first = /senha provisória é (\S+)\. /.exec((await mailTo(RITA.email)).replace(/=\r?\n/g, "").replace(/=([0-9A-F]{2})=([0-9A-F]{2})/g, (_, a, b) => Buffer.from(a + b, "hex").toString()))![1]!;
  await rita.goto(ORIGIN);
  await enter(rita, { ...RITA, password: first });
  const create = async (password: string, again = password) => {
    await rita.getByLabel("Nova senha", { exact: true }).fill(password);
    await rita.getByLabel("Repita a nova senha").fill(again);
    await rita.getByRole("button", { name: "Guardar e entrar" }).click();
  };
  await create(RITA.password, "outra");
  await rita.getByText("As duas senhas não são iguais.").waitFor();
  await create("curta");
  await rita.getByText("A senha precisa de pelo menos 12 caracteres, uma letra maiúscula").waitFor();
  await inspect(rita, "primeira-senha");
  await create(RITA.password);
  await rita.getByRole("heading", { name: "Falta o segundo fator" }).waitFor();
  await inspect(rita, "falta-o-segundo-fator");

  await rita.getByRole("link", { name: "Minha conta" }).click();
  ritas = await enrol(rita, RITA, "segundo-fator-rita");
  await confirmed(rita, ritas);
  await rita.getByRole("button", { name: "Entrar de novo" }).click();
  await enter(rita, RITA);
  await giveCode(rita, await ritas.code());
  await rita.getByRole("button", { name: /Rita Campos/ }).click();
  await rita.getByRole("menuitem", { name: "Minha conta" }).click();
  await rita.getByText("cadastrado", { exact: true }).waitFor();
});

it("asks why before it waives the second factor", async () => {
  await rui.getByRole("link", { name: "Regras da conta" }).click();
  await rui.getByRole("button", { name: "Dispensar" }).click();
  await dialog(rui).getByText("Uma senha roubada passa a bastar").waitFor();
  await inspect(rui, "dispensar-segundo-fator");
  await rui.keyboard.press("Escape");
  await rui.getByRole("link", { name: "Usuários" }).click();
});

it("ends the sessions of a person everywhere: by themselves, and by an administrator", async () => {
  await elsewhere.goto(`${ORIGIN}/minha-conta`);
  await enter(elsewhere, RITA);
  await giveCode(elsewhere, await ritas.code());
  await elsewhere.getByText("cadastrado", { exact: true }).waitFor();

  await rita.getByRole("button", { name: "Encerrar todas as sessões" }).click();
  await inspect(rita, "encerrar-todas");
  await finish(rita);
  await rita.getByLabel("Senha").waitFor();
  await elsewhere.getByRole("link", { name: "Execuções" }).click(); // a function that has not read her membership yet; others know within 30 s
  await elsewhere.getByText("Sua sessão terminou.").waitFor();
  const popup = elsewhere.context().waitForEvent("page");
  await elsewhere.getByRole("button", { name: "Entrar de novo" }).click();
  await (await popup).getByLabel("Senha").waitFor(); // the cookie is not enough

  await row(rui, "Rita Campos").getByRole("checkbox").check();
  await rui.getByRole("button", { name: "Encerrar sessões" }).click();
  await inspect(rui, "encerrar-sessoes");
  await finish(rui);
  await finished(rui);
  await rui.getByRole("button", { name: "Histórico" }).click();
  await rui.getByText("Segundo fator cadastrado").waitFor();
  await inspect(rui, "usuario-historico");
  await rui.keyboard.press("Escape");
});

it("has a lost telephone taken off, and access taken, by an administrator", async () => {
  await row(rui, "Rita Campos").getByRole("checkbox").check();
  await rui.getByRole("button", { name: "Retirar segundo fator" }).click();
  await inspect(rui, "retirar-segundo-fator");
  await finish(rui);
  await finished(rui);
  await enter(rita, RITA); // no code is asked for
  await rita.getByRole("heading", { name: "Falta o segundo fator" }).waitFor();

  await row(rui, "Rita Campos").getByRole("checkbox").check();
  await rui.getByRole("button", { name: "Tirar acesso" }).click();
  await inspect(rui, "tirar-acesso");
  await finish(rui);
  await finished(rui);
  await row(rui, "Rita Campos").waitFor({ state: "hidden" });
  await rita.reload();
  await rita.getByText(/não está ligado a nenhuma empresa/).waitFor();
  await inspect(rita, "acesso-tirado");
});

it("helps who forgot the password by a code sent to their e-mail", async () => {
  const page = elsewhere.context().pages().at(-1)!; // the window that asks for Rita's password
  await page.getByRole("button", { name: "Esqueci a senha" }).click();
  await page.getByLabel("E-mail").fill(RITA.email);
  await inspect(page, "esqueci-a-senha");
  await page.getByRole("button", { name: "Enviar código" }).click();
  const code = /\b\d{6}\b/.exec((await mailTo(RITA.email)).split(/\r?\n\r?\n/)[1]!)![0];
  const reset = async (given: string) => {
    await page.getByLabel("Código recebido por e-mail").fill(given);
    await page.getByLabel("Nova senha", { exact: true }).fill("Jabuticaba-doce-31");
    await page.getByLabel("Repita a nova senha").fill("Jabuticaba-doce-31");
    await page.getByRole("button", { name: "Guardar a nova senha" }).click();
  };
  await reset("000000");
  await page.getByText("O código não confere.").waitFor();
  await inspect(page, "nova-senha");
  const closed = page.waitForEvent("close"); // she is in, and the window has done its work
  await reset(code);
  await closed;
});
