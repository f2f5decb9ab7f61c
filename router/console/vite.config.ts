import { fileURLToPath } from 'node:url';
import { defaultClientConditions, type InlineConfig } from 'vite';

/** Where the router serves the page; asset addresses in the built page start with it. */
export const CONSOLE_BASE = '/console/';

/**
 * How the console is bundled. Everything is spelled out, so that the result depends on the sources alone and neither on
 * NODE_ENV nor on any configuration file around them; every byte ends up in the output, so that the page works offline.
 */
export function consoleConfig(outDir: string): InlineConfig {
  return {
    root: fileURLToPath(new URL('.', import.meta.url)),
    base: CONSOLE_BASE,
    configFile: false,
    envDir: false,
    publicDir: false,
    mode: 'production',
    logLevel: 'silent',
    define: { 'process.env.NODE_ENV': '"production"' },
    // Under another NODE_ENV, Vite would compile JSX for React's development runtime, which the production build lacks.
    oxc: { jsx: { runtime: 'automatic', development: false } },
    // Workspace packages are bundled from their sources.
    resolve: {
      conditions: ['source', ...defaultClientConditions],
      dedupe: ['react', 'react-dom', 'graphql', '@graphiql/react'],
    },
    worker: { format: 'es' },
    build: {
      outDir,
      emptyOutDir: true,
      target: 'es2022',
      modulePreload: { polyfill: false },
      reportCompressedSize: false,
      chunkSizeWarningLimit: 8000,
    },
  };
}
