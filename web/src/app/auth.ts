// Sign-in by authorization code with PKCE (RFC 7636). Tokens live in this module's memory alone; after a reload the
// managed login's own cookie, which no script can read, brings people back without asking.

type Config = { signIn: string; clientId: string };
type Tokens = { access: string; refresh: string; expires: number };

export class SignedOut extends Error {}

/** With it the token is also good for changing how its person signs in; asked for when that is done, and not in daily work. */
const ACCOUNT = "openid aws.cognito.signin.user.admin";

let config: Config;
let tokens: Tokens | undefined;
let renewing: Promise<string> | undefined;
let mustProve = false; // the cookie of the managed login outlives a session that was ended everywhere

const CHANNEL = "mensal-sign-in";
const PENDING = "mensal-pending";
const callback = () => `${location.origin}/entrar`;

export async function loadConfig(): Promise<void> {
  config = (await (await fetch("/config.json")).json()) as Config;
}

export const isSignedIn = () => tokens !== undefined;

/** The access token, renewed a minute before it ends. Throws SignedOut. */
export async function token(): Promise<string> {
  if (tokens === undefined) throw new SignedOut();
  if (Date.now() < tokens.expires - 60_000) return tokens.access;
  renewing ??= renew(tokens.refresh).finally(() => (renewing = undefined));
  return renewing;
}

async function renew(refresh: string): Promise<string> {
  try {
    await ask({ grant_type: "refresh_token", refresh_token: refresh });
  } catch (error) {
    if (error instanceof SignedOut) tokens = undefined;
    throw error;
  }
  return tokens!.access;
}

/** As if the session had ended; for a 401 that the API answers to a token that looked good. `everywhere`: it was ended, so the cookie does not count either. */
export function forget(everywhere: boolean): void {
  tokens = undefined;
  mustProve = everywhere;
}

/** Leaves for the sign-in page and comes back to `to`. */
export async function goToSignIn(to: string): Promise<void> {
  location.assign(await authorizeUrl(to));
}

/** The same, but asks for password and code, and comes back able to change how this person signs in. */
export async function proveWhoIAm(to: string): Promise<void> {
  mustProve = true;
  location.assign(await authorizeUrl(to, ACCOUNT));
}

/** Signs in again in a window of its own, so that what is being typed here stays. Resolves when it is done. */
export async function signInAgain(): Promise<void> {
  const channel = new BroadcastChannel(CHANNEL);
  const done = new Promise<void>((resolve) => {
    channel.onmessage = (event: MessageEvent<Tokens>) => {
      tokens = event.data;
      mustProve = false;
      resolve();
    };
  });
  window.open(await authorizeUrl("popup"), "entrar", "width=480,height=640");
  await done;
  channel.close();
}

/** What /entrar does with the code. Answers where to go on, or undefined in the window of `signInAgain`. */
export async function finishSignIn(search: string): Promise<string | undefined> {
  const query = new URLSearchParams(search);
  const pending = JSON.parse(takePending(query.get("state")) ?? "null") as { verifier: string; to: string } | null;
  const code = query.get("code");
  if (pending === null || code === null) return "/";
  await ask({ grant_type: "authorization_code", code, redirect_uri: callback(), code_verifier: pending.verifier });
  if (pending.to !== "popup") return pending.to;
  const channel = new BroadcastChannel(CHANNEL);
  channel.postMessage(tokens);
  channel.close();
  window.close();
  return undefined;
}

export function signOut(): void {
  tokens = undefined;
  const query = new URLSearchParams({ client_id: config.clientId, logout_uri: `${location.origin}/` });
  location.assign(`${config.signIn}/logout?${query}`);
}

async function authorizeUrl(to: string, scope = "openid"): Promise<string> {
  const verifier = random();
  const state = random();
  sessionStorage.setItem(`${PENDING}-${state}`, JSON.stringify({ verifier, to }));
  const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(verifier));
  const query = new URLSearchParams({
    response_type: "code",
    client_id: config.clientId,
    redirect_uri: callback(),
    scope,
    state,
    code_challenge_method: "S256",
    code_challenge: base64url(new Uint8Array(hash)),
    lang: "pt-BR",
    ...(mustProve ? { prompt: "login" } : {}),
  });
  return `${config.signIn}/oauth2/authorize?${query}`;
}

/** The pending sign-in of this state, used once. The verifier is worth nothing without the code of the same sign-in. */
function takePending(state: string | null): string | null {
  const key = `${PENDING}-${state}`;
  const kept = sessionStorage.getItem(key);
  for (const name of Object.keys(sessionStorage)) if (name.startsWith(PENDING)) sessionStorage.removeItem(name);
  return kept;
}

async function ask(form: Record<string, string>): Promise<void> {
  const response = await fetch(`${config.signIn}/oauth2/token`, {
    method: "POST",
    body: new URLSearchParams({ ...form, client_id: config.clientId }),
  });
  if (response.status >= 400 && response.status < 500) throw new SignedOut();
  if (!response.ok) throw new Error(`sign-in answered ${response.status}`);
  const told = (await response.json()) as { access_token: string; refresh_token?: string; expires_in: number };
  tokens = {
    access: told.access_token,
    refresh: told.refresh_token ?? tokens?.refresh ?? "",
    expires: Date.now() + told.expires_in * 1000,
  };
}

const random = () => base64url(crypto.getRandomValues(new Uint8Array(32)));

function base64url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes)).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}
