import { useMonaco } from '@graphiql/react';
import { useEffect } from 'react';

/** GraphiQL's two editor themes, by the names it gives them, in the shop's colours. */
const themes = {
  'graphiql-LIGHT': {
    base: 'vs',
    inherit: true,
    rules: [
      { token: 'keyword.gql', foreground: 'b0400f' },
      { token: 'argument.identifier.gql', foreground: '6a3fa0' },
      { token: 'type.identifier.gql', foreground: '0f6f68' },
      { token: 'string.key.json', foreground: '6a3fa0' },
      { token: 'string.value.json', foreground: '0f6f68' },
      { token: 'number', foreground: 'a3480a' },
      { token: 'comment', foreground: '6f6880' },
    ],
    colors: {
      'editor.background': '#ffffff00',
      'scrollbar.shadow': '#ffffff00',
      'editorLineNumber.foreground': '#8d86a0',
      'editorHoverWidget.background': '#ffffff',
      'editorSuggestWidget.background': '#ffffff',
      'editorWidget.background': '#ffffff',
      'editorSuggestWidget.selectedBackground': '#f7e6dd',
      'editorSuggestWidget.selectedForeground': '#271a3d',
      'editorSuggestWidget.highlightForeground': '#b0400f',
      'textLink.foreground': '#b0400f',
      focusBorder: '#b0400f',
    },
  },
  'graphiql-DARK': {
    base: 'vs-dark',
    inherit: true,
    rules: [
      { token: 'keyword.gql', foreground: 'f6b042' },
      { token: 'argument.identifier.gql', foreground: 'c3a6ff' },
      { token: 'type.identifier.gql', foreground: '6fd6c8' },
      { token: 'string.key.json', foreground: 'c3a6ff' },
      { token: 'string.value.json', foreground: '8fdccf' },
      { token: 'number', foreground: 'f6b042' },
      { token: 'comment', foreground: '9a91ad' },
    ],
    colors: {
      'editor.background': '#ffffff00',
      'scrollbar.shadow': '#ffffff00',
      'editorLineNumber.foreground': '#7b7290',
      'editorHoverWidget.background': '#241c33',
      'editorSuggestWidget.background': '#241c33',
      'editorWidget.background': '#241c33',
      'editorSuggestWidget.selectedBackground': '#46365f',
      'editorSuggestWidget.selectedForeground': '#ffffff',
      'editorSuggestWidget.highlightForeground': '#f6b042',
      'textLink.foreground': '#f6b042',
      focusBorder: '#f6b042',
    },
  },
} as const;

/** Redefining a theme that is in use repaints it, so this may run after the editors have appeared. */
export function useSoukEditorThemes(): void {
  const monaco = useMonaco((state) => state.monaco);
  useEffect(() => {
    if (!monaco) return;
    for (const [name, { rules, ...theme }] of Object.entries(themes)) {
      monaco.editor.defineTheme(name, { ...theme, rules: [...rules] });
    }
  }, [monaco]);
}
