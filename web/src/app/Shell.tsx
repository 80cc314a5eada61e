// The frame: menu, search, who is here, the keys.
import { Button, Menu } from "@mantine/core";
import { Link, Outlet, useNavigate, useRouterState } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";
import { day } from "../format/date";
import { Dialog } from "../parts/Dialog";
import { ProblemNote } from "../parts/Problem";
import { Heading, Wait } from "../parts/show";
import { listen } from "../parts/uppermost";
import { Search } from "../screens/search/Search";
import { signOut } from "./auth";
import { returnFocus, toContent } from "./focus";
import { useMe } from "./me";
import { MENU } from "./menu";

const KEYS: [string, string][] = [
  ["/ ou Ctrl+K", "procurar o que se tem em mãos"],
  ["g e uma letra", "ir a uma tela"],
  ["↑ ↓ PgUp PgDn Home End", "andar na lista"],
  ["Enter ou dois cliques", "abrir"],
  ["Espaço, Ctrl+A", "marcar uma, marcar todas"],
  ["f", "filtrar a lista"],
  ["Ctrl+Enter", "finalizar"],
  ["Esc", "fechar, limpar filtros"],
];

export function Shell() {
  const me = useMe();
  const search = useRef<HTMLInputElement>(null);
  const [help, setHelp] = useState(false);
  const navigate = useNavigate();
  useEffect(returnFocus, []);
  useEffect(listen, []);
  const place = useRouterState({ select: (state) => state.resolvedLocation?.pathname });
  useEffect(() => {
    if (document.activeElement === document.body) toContent(); // what had the focus went with the screen before
  }, [place]);
  useEffect(() => {
    let waiting = false;
    const onKey = (event: KeyboardEvent) => {
      const target = event.target as HTMLElement;
      if (event.key === "k" && (event.ctrlKey || event.metaKey) && !target.closest("[role=dialog]")) {
        event.preventDefault();
        search.current?.focus();
        return;
      }
      if (target.closest("input, textarea, [role=dialog], [contenteditable]") || event.ctrlKey || event.metaKey || event.altKey) return;
      if (waiting) {
        const entry = MENU.flatMap((group) => group.entries).find((one) => one.key === event.key);
        if (entry && me.data?.permissions.includes(entry.needs)) void navigate({ to: entry.path });
        waiting = false;
      } else if (event.key === "g") waiting = true;
      else if (event.key === "?") setHelp(true);
      else if (event.key === "/") search.current?.focus();
      else return;
      event.preventDefault();
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [navigate, me.data]);

  if (me.error) return <main className="main"><h1>Mensal</h1><ProblemNote error={me.error} retry={() => void me.refetch()} /><div><Button variant="default" onClick={signOut}>Sair</Button></div></main>;
  if (!me.data) return <main className="main"><Wait /></main>;
  return (
    <div className="shell">
      <a className="skip" href="#conteudo">Ir ao conteúdo</a>
      <header className="top">
        <b>{me.data.tenant_name}</b>
        <Search field={search} />
        <span style={{ flex: 1 }} />
        <span className="soft" title="Data de negócio">{day(me.data.today)}</span>
        <Menu shadow="sm" position="bottom-end">
          <Menu.Target><Button variant="default">{me.data.name} · {me.data.profile_names.join(", ")}</Button></Menu.Target>
          <Menu.Dropdown>
            <Menu.Item component={Link} to="/minha-conta">Minha conta</Menu.Item>
            <Menu.Item onClick={() => setHelp(true)}>Teclas ( ? )</Menu.Item>
            <Menu.Item onClick={signOut}>Sair</Menu.Item>
          </Menu.Dropdown>
        </Menu>
      </header>
      <nav className="nav" aria-label="Telas">
        {MENU.map((group) => {
          const entries = group.entries.filter((entry) => me.data.permissions.includes(entry.needs));
          return entries.length > 0 && (
            <div key={group.title}>
              {group.title && <h2>{group.title}</h2>}
              {entries.map((entry) => <Link key={entry.path} to={entry.path} activeOptions={{ exact: entry.path === "/" }} title={entry.key ? `g ${entry.key}` : undefined}>{entry.title}</Link>)}
            </div>
          );
        })}
      </nav>
      <main className="main" id="conteudo" tabIndex={-1}>
        {me.data.second_factor_missing && place !== "/minha-conta" ? <SecondFactorFirst /> : <Outlet />}
      </main>
      {help && <Dialog onClose={() => setHelp(false)} title="Teclas">
        <dl className="facts">
          {KEYS.map(([key, what]) => <div key={key} style={{ display: "contents" }}><dt><kbd>{key}</kbd></dt><dd>{what}</dd></div>)}
          {MENU.flatMap((group) => group.entries).filter((entry) => entry.key).map((entry) => (
            <div key={entry.path} style={{ display: "contents" }}><dt><kbd>g {entry.key}</kbd></dt><dd>{entry.title}</dd></div>
          ))}
        </dl>
      </Dialog>}
    </div>
  );
}

/** In place of the screen, which could only be refused. */
const SecondFactorFirst = () => (
  <>
    <Heading title="Falta o segundo fator" />
    <div className="note warn" role="alert">Seu perfil movimenta dinheiro: cadastre um aplicativo autenticador em <Link to="/minha-conta">Minha conta</Link>. Até lá, as telas não abrem.</div>
  </>
);
