import { explorerPlugin } from '@graphiql/plugin-explorer';
import { useGraphiQL, useGraphiQLActions } from '@graphiql/react';
import { GraphiQL, HISTORY_PLUGIN } from 'graphiql';
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { createPortal } from 'react-dom';
import { askAbout } from './about.ts';
import { accessPlugin } from './access-panel.tsx';
import { activityPlugin } from './activity-panel.tsx';
import { answers, keepOnly, openTab } from './answers.ts';
import { ContextPickers } from './context-pickers.tsx';
import { deadLettersPlugin } from './dead-letters-panel.tsx';
import { examplesPlugin } from './examples-panel.tsx';
import { fetcher } from './fetcher.ts';
import { readLink } from './links.ts';
import { LiveBar } from './live-bar.tsx';
import { useSoukEditorThemes } from './monaco-theme.ts';
import { useOpenOperation } from './open-operation.ts';
import { planPlugin } from './plan-panel.tsx';
import { registryPlugin } from './registry-panel.tsx';
import { safeStorage } from './safe-storage.ts';
import { savedPlugin } from './saved-panel.tsx';
import { isAdmin, notice, session } from './session.ts';
import { SessionBar } from './session-bar.tsx';
import { StatusLine } from './status-line.tsx';
import { useStore } from './store.ts';
import { WELCOME } from './welcome.ts';

// GraphiQL compares these by identity: a new list on every render would close the open panel.
const forAll = [
  examplesPlugin,
  explorerPlugin(),
  HISTORY_PLUGIN,
  savedPlugin,
  planPlugin,
  activityPlugin,
  accessPlugin,
];
const forAdmins = [...forAll, registryPlugin, deadLettersPlugin];
const PANEL = 'souk.console.panel';

/** Which panel greets: the examples on a first visit with room for them, else whatever was left open. */
function openPanel(): string | undefined {
  const left = localStorage.getItem(PANEL);
  if (left !== null) return left || undefined;
  return matchMedia('(min-width: 701px)').matches ? examplesPlugin.title : undefined;
}

export function App() {
  const plugins = isAdmin(useStore(session)) ? forAdmins : forAll;
  // biome-ignore lint/correctness/useExhaustiveDependencies: whoever signs in goes on where they were
  const visible = useMemo(openPanel, [plugins]);
  useEffect(() => void askAbout(), []);
  return (
    <>
      <Header />
      <Notice />
      <main>
        <h1 className="hidden-label">GraphQL console</h1>
        <GraphiQL
          fetcher={fetcher}
          plugins={plugins}
          visiblePlugin={visible}
          onTogglePluginVisibility={(plugin: { title: string } | null) =>
            localStorage.setItem(PANEL, plugin?.title ?? '')
          }
          storage={safeStorage}
          shouldPersistHeaders={false}
          defaultQuery={WELCOME}
          defaultEditorToolsVisibility="variables"
          inputValueDeprecation
          schemaDescription
        >
          <GraphiQL.Logo>
            <span className="hidden-label">Souk</span>
          </GraphiQL.Logo>
          <GraphiQL.Footer>
            <StatusLine />
          </GraphiQL.Footer>
          <Followers />
        </GraphiQL>
      </main>
      <div id="souk-live" />
    </>
  );
}

function Header() {
  const [open, setOpen] = useState(false);
  const current = useStore(session);
  const who = current.kind === 'user' ? current.email : current.kind === 'guest' ? 'Guest session' : 'Sign in';
  return (
    <header className="souk-header">
      <a className="brand" href="./" aria-label="Souk console">
        <svg viewBox="0 0 32 32" aria-hidden="true">
          <path
            d="M7 26V14.5C7 9 11 5.5 16 3.5c5 2 9 5.5 9 11V26h-4.5V15c0-3-2-5-4.5-6.2C13.5 10 11.5 12 11.5 15v11Z"
            fill="#f6b042"
          />
          <path d="M16 14.5l2.6 3.9L16 22.3l-2.6-3.9Z" fill="#ee7c50" />
        </svg>
        <span>Souk</span> <small>console</small>
      </a>
      <button
        type="button"
        className="quiet menu"
        aria-expanded={open}
        aria-controls="souk-controls"
        onClick={() => setOpen(!open)}
      >
        {open ? 'Close' : who}
      </button>
      <div id="souk-controls" className={open ? 'controls open' : 'controls'}>
        <ContextPickers />
        <SessionBar />
      </div>
    </header>
  );
}

function Notice() {
  const text = useStore(notice);
  return (
    <div className="notice" role="status">
      {text && (
        <>
          <span>{text}</span>
          <button type="button" aria-label="Dismiss" onClick={() => notice.set('')}>
            ×
          </button>
        </>
      )}
    </div>
  );
}

/** What must live inside GraphiQL: the editor's colours, and the schema, which differs between staff and shoppers. */
function Followers() {
  useSoukEditorThemes();
  const { introspect } = useGraphiQLActions();
  const { queryEditor, variableEditor } = useGraphiQL((state) => ({
    queryEditor: state.queryEditor,
    variableEditor: state.variableEditor,
  }));
  useEffect(() => {
    for (const editor of [queryEditor, variableEditor]) editor?.updateOptions({ wordWrap: 'on' });
  }, [queryEditor, variableEditor]);
  useTabAnswers();
  useLink(queryEditor !== undefined);
  const current = useStore(session);
  const seenAs = current.kind === 'user' ? current.roles.join() : '';
  const shown = useRef(seenAs);
  useEffect(() => {
    if (shown.current === seenAs) return;
    shown.current = seenAs;
    void introspect();
  }, [seenAs, introspect]);
  const place = document.getElementById('souk-live');
  return place && createPortal(<LiveBar />, place);
}

/** Opens what a link handed on, once; nothing of it stays in the address. */
function useLink(isReady: boolean) {
  const open = useOpenOperation();
  const latest = useRef(open);
  latest.current = open;
  useEffect(() => {
    if (!isReady) return;
    const take = () => {
      const handed = readLink(location.hash);
      if (!handed) return;
      history.replaceState(null, '', location.pathname);
      latest.current(handed.query, handed.variables);
      notice.set(`A link opened “${handed.name || 'an operation'}”. Read it before you run it.`);
    };
    take();
    addEventListener('hashchange', take);
    return () => removeEventListener('hashchange', take);
  }, [isReady]);
}

/** Shows what was answered to the open tab beside the editor's own doing, and keeps that tab in sight. */
function useTabAnswers() {
  const { tabs, activeTabIndex, responseEditor } = useGraphiQL((state) => ({
    tabs: state.tabs,
    activeTabIndex: state.activeTabIndex,
    responseEditor: state.responseEditor,
  }));
  const known = useStore(answers);
  const { id: open = '', title = '' } = tabs[activeTabIndex] ?? {};
  const ids = tabs.map(({ id }) => id).join();
  // A layout effect, so that a run that starts at once already knows its tab.
  useLayoutEffect(() => {
    openTab.id = open;
  }, [open]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a tab grows with its title
  useEffect(() => {
    document.querySelector('.graphiql-tab-active')?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [open, title]);
  useEffect(() => keepOnly(ids.split(',')), [ids]);
  const text = known.get(open);
  // biome-ignore lint/correctness/useExhaustiveDependencies: opening a tab overwrites what is shown, by the same text too
  useEffect(() => {
    if (text === undefined || !responseEditor || responseEditor.getValue() === text) return;
    const place = responseEditor.saveViewState();
    responseEditor.setValue(text);
    responseEditor.restoreViewState(place);
  }, [text, open, responseEditor]);
}
