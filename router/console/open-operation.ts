import { useGraphiQL, useGraphiQLActions } from '@graphiql/react';

/** Opens a text in the tab that has it already, or in a new one, and puts the cursor into it. */
export function useOpenOperation(): (text: string, variables: string) => void {
  const { addTab, changeTab, setVisiblePlugin, stop } = useGraphiQLActions();
  const { queryEditor, variableEditor, tabs } = useGraphiQL((state) => ({
    queryEditor: state.queryEditor,
    variableEditor: state.variableEditor,
    tabs: state.tabs,
  }));
  return (text, variables) => {
    const open = tabs.findIndex((tab) => tab.query === text);
    if (open >= 0) changeTab(open);
    else {
      stop();
      addTab();
    }
    queryEditor?.setValue(text);
    variableEditor?.setValue(variables);
    // On a phone the panel covers the editor that was just filled.
    if (matchMedia('(max-width: 700px)').matches) setVisiblePlugin(null);
    queryEditor?.focus();
  };
}

/** What is typed in the open tab. */
export interface Typed {
  readonly query: string;
  readonly variables: string;
  readonly operationName: string | null;
}

export const useTyped = (): Typed =>
  useGraphiQL(({ tabs, activeTabIndex }) => {
    const { query, variables, operationName } = tabs[activeTabIndex] ?? {};
    return { query: query ?? '', variables: variables ?? '', operationName: operationName ?? null };
  });

/** The name a person would give it: the operation's own, or its beginning. */
export const nameOf = (query: string): string =>
  /^\s*(?:query|mutation|subscription)\s+(\w+)/m.exec(query)?.[1] ??
  query.replace(/#.*$/gm, '').replace(/\s+/g, ' ').trim().slice(0, 40);
