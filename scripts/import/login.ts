import { readConfig } from '@souk/kit/config';
import type { Login } from './shop.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** What the embedded profile gives its first administrator where the environment says nothing else. */
const DEMO_PASSWORD = 'souk-demo-admin';

/** The first administrator of the shop that this environment starts. */
export function localAdmin(env: Env): Login {
  const { SOUK_ADMIN_EMAIL, SOUK_ADMIN_PASSWORD } = readConfig(env);
  return { email: SOUK_ADMIN_EMAIL, password: SOUK_ADMIN_PASSWORD ?? DEMO_PASSWORD };
}

/** Where the shop that this environment starts answers. */
export function localGraph(env: Env): string {
  const { SOUK_PORT, SOUK_PUBLIC_URL } = readConfig(env);
  return `${SOUK_PUBLIC_URL?.replace(/\/$/, '') ?? `http://localhost:${SOUK_PORT}`}/graphql`;
}

/** The login a person named; the local administrator where nothing was named. */
export function chooseLogin(named: { email?: string | undefined; password?: string | undefined }, env: Env): Login {
  const local = localAdmin(env);
  return { email: named.email ?? local.email, password: named.password ?? local.password };
}
