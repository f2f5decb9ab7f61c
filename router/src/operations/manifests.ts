import { readdir, readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { isClientName, readManifest } from '@souk/schema';
import type { Entry } from './known.ts';

const FOLDER = new URL('../../../schema/operations/', import.meta.url);

/** A client's manifest, as its file holds it. */
export interface Shipped {
  readonly client: string;
  readonly owner: string;
  readonly text: string;
  readonly entries: readonly Entry[];
}

/** The manifests this router came with, one per client: `web.json` is that of `web`. Throws on a file that is none. */
export async function readManifests(folder: URL = FOLDER): Promise<readonly Shipped[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.json')).sort();
  return Promise.all(names.map(async (name) => shippedOf(name, await readFile(new URL(name, folder), 'utf8'))));
}

function shippedOf(file: string, text: string): Shipped {
  const client = basename(file, '.json');
  if (!isClientName(client)) throw new Error(`schema/operations/${file} is not named after a client`);
  const { owner } = JSON.parse(text) as { owner?: unknown };
  const who = typeof owner === 'string' ? owner : client;
  const entries = readManifest(text).map((entry) => ({ ...entry, client, owner: who, name: nameIn(entry.body) }));
  return { client, owner: who, text, entries };
}

/** The name of the one operation in a text that is known to be in order. */
const nameIn = (body: string): string => /^\s*(?:query|mutation|subscription)\s+(\w+)/m.exec(body)?.[1] ?? '';
