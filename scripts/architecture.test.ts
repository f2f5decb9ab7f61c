import { globSync, readFileSync } from 'node:fs';
import { builtinModules, createRequire } from 'node:module';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { root } from './run/options.ts';

/** Named by a configuration or a command line, which no import shows. */
const named: Readonly<Record<string, string>> = {
  '@graphql-codegen/client-preset': 'preset in codegen.yml',
  '@graphql-codegen/typescript-operations': 'plugin in codegen.yml',
  '@oxc-node/core': '--import in scripts/bootstrap.mjs',
  '@types/node': 'types in tsconfig.json',
};

interface Manifest {
  readonly name: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

const manifestIn = (folder: string): Manifest => JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
const folders = ['.', 'schema', 'router', 'bench', ...globSync('{subgraphs,clients}/*/', { cwd: root })].map((folder) =>
  folder.replace(/\/$/, ''),
);
const always = (manifest: Manifest): string[] => Object.keys({ ...manifest.dependencies, ...manifest.devDependencies });
const declared = (manifest: Manifest): string[] => [
  ...always(manifest),
  ...Object.keys(manifest.optionalDependencies ?? {}),
];

const nameOf = (specifier: string): string =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');

interface Source {
  readonly path: string;
  readonly isTest: boolean;
  readonly packages: readonly string[];
}

const imports =
  /(?:^|\n)\s*(?:import|export)\b[^'"`;]*?\bfrom\s*'([^']+)'|(?:^|\n)\s*import\s*'([^']+)'|\b(?:import|require|resolve|folderOf)\(\s*'([^']+)'/g;

function sourcesOf(folder: string): Source[] {
  const patterns =
    folder === '.' ? ['scripts/**/*.{ts,mjs}', '*.ts'] : [`${folder}/**/*.{ts,tsx}`, `${folder}/**/*.mjs`];
  return (
    globSync(patterns, { cwd: root, exclude: (path) => /(^|\/)(node_modules|dist)$/.test(path) })
      // What new:subgraph writes is text here; its own test composes and runs it.
      .filter((path) => !path.startsWith('scripts/new-subgraph/templates/'))
      .map((path) => ({
        path,
        isTest: /\.test\.ts$|testing[\w.-]*\.ts$/.test(path),
        packages: [...readFileSync(join(root, path), 'utf8').matchAll(imports)]
          .map((match) => (match[1] ?? match[2] ?? match[3])!)
          .filter((name) => /^[@\w]/.test(name) && !name.startsWith('node:') && !builtinModules.includes(name))
          .map(nameOf),
      }))
  );
}

/** What the packages a folder declares ask it to install beside them. */
function peersOf(folder: string, names: readonly string[]): Set<string> {
  const require = createRequire(join(root, folder, 'package.json'));
  const paths = names.flatMap((name) => (require.resolve.paths(name) ?? []).map((at) => join(at, name)));
  return new Set(
    paths.flatMap((path) => {
      try {
        return Object.keys(manifestIn(path).peerDependencies ?? {});
      } catch {
        return [];
      }
    }),
  );
}

describe('the packages', () => {
  const atRoot = declared(manifestIn(root));

  it.each(folders)('that %s imports are those it declares', (folder) => {
    const manifest = manifestIn(join(root, folder));
    const own = new Set([...declared(manifest), manifest.name]);
    const undeclared = sourcesOf(folder).flatMap(({ path, isTest, packages }) =>
      packages
        // Tests run from the root, with the tools that it installs for all.
        .filter((name) => !own.has(name) && !(isTest && atRoot.includes(name)))
        .map((name) => `${path} imports ${name}`),
    );
    expect(undeclared).toEqual([]);
  });

  it.each(folders)('that %s declares are those it uses', (folder) => {
    const names = always(manifestIn(join(root, folder)));
    const imported = new Set(sourcesOf(folder).flatMap(({ packages }) => packages));
    if (folder === '.') {
      for (const { isTest, packages } of folders.flatMap(sourcesOf)) {
        if (isTest) for (const name of packages) imported.add(name);
      }
    }
    const peers = peersOf(folder, names);
    const isUsed = (name: string): boolean =>
      imported.has(name) || peers.has(name) || name in named || imported.has(name.replace(/^@types\//, ''));
    expect(names.filter((name) => !isUsed(name))).toEqual([]);
  });

  it('have one version each over the whole workspace', () => {
    const versions = new Map<string, Set<string>>();
    for (const folder of folders) {
      const { dependencies, devDependencies, optionalDependencies } = manifestIn(join(root, folder));
      for (const [name, version] of Object.entries({ ...dependencies, ...devDependencies, ...optionalDependencies })) {
        versions.set(name, (versions.get(name) ?? new Set()).add(version));
      }
    }
    const loose = [...versions].filter(
      ([, all]) =>
        all.size > 1 || ![...all].every((version) => /^(\d+\.\d+\.\d+(-[\w.]+)?|workspace:\*)$/.test(version)),
    );
    expect(loose).toEqual([]);
  });

  it('are under permissive licences, or NOTICE names them and what that means', () => {
    const permissive =
      /^[( ]*(MIT|MIT-0|ISC|0BSD|BSD-[23]-Clause|BSD License|Apache-2\.0|BlueOak-1\.0\.0|Python-2\.0|PSF-2\.0|Unlicense|Zlib|CC-BY-4\.0| AND | OR |[()])+$/;
    const installed = globSync('node_modules/.pnpm/*/node_modules/{*,@*/*}/package.json', { cwd: root }).map(
      (path) => JSON.parse(readFileSync(join(root, path), 'utf8')) as { name?: string; license?: unknown },
    );
    expect(installed.length).toBeGreaterThan(300);
    // Of alternatives one that is permissive is enough.
    const isFree = (license: string): boolean => license.split(' OR ').some((one) => permissive.test(one));
    const others = installed.filter(({ name, license }) => name && !isFree(String(license ?? 'MIT')));
    const notice = readFileSync(join(root, 'NOTICE'), 'utf8');
    // Binaries come as one package per machine, named together.
    const isNamed = (name: string): boolean =>
      notice.includes(name) ||
      notice.includes(name.replace(/-(linux|darwin).*$/, '')) ||
      notice.includes(name.replace(/linux.*$/, '*'));
    expect([...new Set(others.map(({ name }) => name!))].filter((name) => !isNamed(name))).toEqual([]);
    expect(others.map(({ name }) => name)).toContain('@apollo/gateway');
  });
});
