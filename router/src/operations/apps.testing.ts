import { readFileSync } from 'node:fs';
import type { Caller } from '../caller.testing.ts';

/** Ids of the operations in a client's manifest, by name. */
export function idsOf(client: string): ReadonlyMap<string, string> {
  const path = new URL(`../../../schema/operations/${client}.json`, import.meta.url);
  const { operations } = JSON.parse(readFileSync(path, 'utf8')) as { operations: { id: string; name: string }[] };
  return new Map(operations.map(({ id, name }) => [name, id]));
}

export interface LetIn {
  readonly appId: string;
  readonly keyId: string;
  readonly secret: string;
}

/** Lets an app in through the graph and issues it a key. */
export async function letAppIn(
  admin: Caller,
  app: { scopes?: readonly string[]; client?: string; requestsPerMinute?: number } = {},
): Promise<LetIn> {
  const { createApp } = await admin.run(
    'mutation ($input: CreateAppInput!) { createApp(input: $input) { app { id } errors { message } } }',
    { input: { name: 'An app', scopes: [], ...app } },
  );
  const { createApiKey } = await admin.run(
    'mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) { secret apiKey { id } errors { message } } }',
    { input: { appId: createApp.app.id } },
  );
  return { appId: createApp.app.id, keyId: createApiKey.apiKey.id, secret: createApiKey.secret };
}
