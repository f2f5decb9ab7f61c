import { createHmac } from 'node:crypto';
import type { Config } from './config.ts';
import { notUrl } from './db.faults.ts';
import { StartupError } from './startup-error.ts';

/** Where a house lives, as the configuration says it. */
export interface Place {
  readonly house: string;
  /** The setting that holds `url`: errors name it. */
  readonly setting: string;
  /** Leads straight to PostgreSQL. What its role may do decides how the house is set up there. */
  readonly url: string;
  /** Through which the running house connects, where that is another way. */
  readonly pooler: Named | null;
  /** A streaming standby of the same server. */
  readonly replica: Named | null;
  /** Other houses whose URL is the same. */
  readonly sharedWith: readonly string[];
}

export interface Named {
  readonly setting: string;
  readonly url: string;
}

/** Settings that may be said for all houses, and again for one with its name behind: SOUK_POSTGRES_URL_ORDERS. */
export const placeSettings = ['SOUK_POSTGRES_URL', 'SOUK_POSTGRES_POOLER_URL', 'SOUK_POSTGRES_REPLICA_URL'] as const;

/** Where each house lives. Throws a StartupError for a setting that is missing, no URL, or for a house that is none. */
export function placesOf(config: Config, houses: readonly string[]): Place[] {
  for (const name of Object.keys(config.ofHouse)) {
    const [, , house] = split(name)!;
    if (houses.includes(house)) continue;
    throw new StartupError(
      `${name} is for '${house}', and there is no such subgraph.`,
      `The subgraphs are ${[...houses].sort().join(', ')}.`,
    );
  }
  const of = (name: (typeof placeSettings)[number], house: string): Named | null => {
    const own = `${name}_${house.toUpperCase()}`;
    const special = config.ofHouse[own];
    if (special !== undefined) return { setting: own, url: special };
    const url = config[name];
    return url === undefined ? null : { setting: name, url };
  };
  const homes = houses.map((house) => {
    const home = of('SOUK_POSTGRES_URL', house);
    if (!home) {
      throw new StartupError(
        `Nothing says where the data of ${house} lives.`,
        `Set SOUK_POSTGRES_URL, or SOUK_POSTGRES_URL_${house.toUpperCase()} for this subgraph alone.`,
      );
    }
    return { house, ...home };
  });
  return homes.map(({ house, setting, url }) => {
    const own = setting !== 'SOUK_POSTGRES_URL';
    // A house that moved to a server of its own has left the pooler and the replica of the others behind.
    const beside = (name: 'SOUK_POSTGRES_POOLER_URL' | 'SOUK_POSTGRES_REPLICA_URL') => {
      const found = of(name, house);
      return own && found?.setting === name ? null : found;
    };
    return {
      house,
      setting,
      url,
      pooler: beside('SOUK_POSTGRES_POOLER_URL'),
      replica: beside('SOUK_POSTGRES_REPLICA_URL'),
      sharedWith: homes.filter((home) => home.house !== house && home.url === url).map((home) => home.house),
    };
  });
}

/** The setting and the house of a variable's name, such as SOUK_POSTGRES_URL_ORDERS; null for any other variable. */
export function split(name: string): readonly [string, (typeof placeSettings)[number], string] | null {
  const setting = placeSettings.find((one) => name.startsWith(`${one}_`));
  return setting ? [name, setting, name.slice(setting.length + 1).toLowerCase()] : null;
}

/** The house's own URL on a server that we administer: its runtime role with a password derived from the administrator's. */
export function houseUrl(adminUrl: string, house: string): string {
  const url = new URL(adminUrl);
  const secret = decodeURIComponent(url.password);
  url.username = `${house}_app`;
  url.password = createHmac('sha256', secret).update(`souk role ${house}`).digest('hex');
  return url.toString();
}

/** The way through a pooler or to a standby: its address, and whatever of role and database it does not say itself. */
export function throughUrl(runtimeUrl: string, way: string): string {
  const url = new URL(way);
  const runtime = new URL(runtimeUrl);
  if (url.username === '') {
    url.username = runtime.username;
    url.password = runtime.password;
  }
  if (url.pathname === '' || url.pathname === '/') url.pathname = runtime.pathname;
  return url.toString();
}

/** `?prepare=true` or `false` at the end of a URL: our word, which PostgreSQL must not see. */
export function takePrepare(text: string, setting: string): { url: string; prepare: boolean | null } {
  const url = parse(text, setting);
  const word = url.searchParams.get('prepare');
  if (word !== null && word !== 'true' && word !== 'false') {
    throw new StartupError(
      `In ${setting}, prepare is neither true nor false.`,
      'Leave it out: Souk finds a pooler by itself.',
    );
  }
  url.searchParams.delete('prepare');
  return { url: url.toString(), prepare: word === null ? null : word === 'true' };
}

function parse(text: string, setting: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (!url || !/^postgres(ql)?:$/.test(url.protocol) || url.hostname === '') throw notUrl(setting);
  return url;
}
