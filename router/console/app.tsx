import { explorerPlugin } from '@graphiql/plugin-explorer';
import { useGraphiQL, useGraphiQLActions } from '@graphiql/react';
import { GraphiQL, HISTORY_PLUGIN } from 'graphiql';
import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import { createPortal } from 'react-dom';
import { answers, keepOnly, openTab } from './answers.ts';
import { ContextPickers } from './context-pickers.tsx';
import { examplesPlugin } from './examples-panel.tsx';
import { fetcher } from './fetcher.ts';
import { LiveBar } from './live-bar.tsx';
import { useSoukEditorThemes } from './monaco-theme.ts';
import { notice, session } from './session.ts';
import { SessionBar } from './session-bar.tsx';
import { useStore } from './store.ts';
import { WELCOME } from './welcome.ts';

// GraphiQL compares these by identity: a new list on a render would close the open panel.
const plugins = [examplesPlugin, explorerPlugin(), HISTORY_PLUGIN];
const PANEL = 'souk.console.panel';

/** Which panel greets: the examples on a first visit with room for them, else whatever was left open. */
const firstPanel = (() => {
  const left = localStorage.getItem(PANEL);
  if (left !== null) return left || undefined;
  return matchMedia('(min-width: 701px)').matches ? examplesPlugin.title : undefined;
})();

export function App() {
  return (
    <>
      <Header />
      <Notice />
      <main>
        <h1 className="hidden-label">GraphQL console</h1>
        <GraphiQL
          fetcher={fetcher}
          plugins={plugins}
          visiblePlugin={firstPanel}
          onTogglePluginVisibility={(plugin) => localStorage.setItem(PANEL, plugin?.title ?? '')}
          defaultQuery={WELCOME}
          defaultEditorToolsVisibility="variables"
          inputValueDeprecation
          schemaDescription
        >
          <GraphiQL.Logo>
            <span className="hidden-label">Souk</span>
          </GraphiQL.Logo>
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
