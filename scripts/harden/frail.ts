import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Log, parseOnce, type RunningHouse, systemViewer } from '@souk/kit';
import { remoteHouse } from '@souk/kit/remote';
import type { ExecutionResult } from 'graphql';
import { remoteUpstream, type Upstream } from '../../router/src/upstream.ts';
import { manglings } from './mangle.ts';

/** The router over one house that can be told how to answer. */
export interface Frail {
  readonly graph: string;
  /** How it answers from now on; null is as it should. */
  mangle(name: string | null): Promise<void>;
  /** How often it was asked to change something since it was last told how to answer. */
  mutations(): Promise<number>;
}

export const FRAIL_HOUSE = 'inventory';

export interface MangledHouse {
  readonly upstream: Upstream;
  mangle(name: string | null): void;
  readonly mutations: number;
  stop(): Promise<void>;
}

/** A house behind real HTTP, as the router of the distributed profile asks it, with somebody in between. */
export async function serveMangled(house: RunningHouse, log: Log): Promise<MangledHouse> {
  let how: string | null = null;
  let mutations = 0;
  const server = createServer(async (request, response) => {
    if (request.url !== '/graphql') return response.end('{}');
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const { query, variables } = JSON.parse(Buffer.concat(parts).toString());
    if (/^mutation\b/.test(query)) mutations += 1;
    // Read alone: nothing that it changes is this house's to believe.
    const real = (): Promise<ExecutionResult> =>
      house.execute({ document: parseOnce(query), variables, context: house.context(systemViewer) });
    const mangled = how === null ? undefined : manglings[how];
    if (mangled) return mangled(response, real);
    return response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(await real()));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { privateKey: key } = generateKeyPairSync('ed25519');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const remote = remoteHouse({ name: house.name, urls: [url], key, log });
  return {
    upstream: remoteUpstream(remote, []),
    mangle(name) {
      how = name;
      mutations = 0;
    },
    get mutations() {
      return mutations;
    },
    async stop() {
      await remote.close();
      server.closeAllConnections();
      server.close();
    },
  };
}
