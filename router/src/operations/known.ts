import type { ManifestEntry } from '@souk/schema';
import { type Found, sha256 } from '../pipeline.ts';

/** An operation as the registry or a manifest's file names it. */
export interface Entry extends ManifestEntry {
  readonly client: string;
  readonly owner: string;
  readonly name: string;
}

/** The operations that may be asked for by their ids, by client. */
export interface Known {
  /** Of one client; of whichever has it where none is named. By id, or by the hash of its text. */
  find(client: string | null, id: string): Found | undefined;
  add(entry: Entry): void;
  remove(client: string, id: string): void;
  readonly size: number;
}

export function knownOperations(): Known {
  const clients = new Map<string, Map<string, Found>>();
  /** The same by hash, for clients that ask by it although their manifest has ids of its own. */
  const hashes = new Map<string, Map<string, string>>();

  function findOf(client: string, id: string): Found | undefined {
    const ids = clients.get(client);
    return ids?.get(id) ?? ids?.get(hashes.get(client)?.get(id) ?? '');
  }

  function remove(client: string, id: string): void {
    const gone = clients.get(client)?.get(id);
    if (!gone) return;
    clients.get(client)!.delete(id);
    if (hashes.get(client)?.get(gone.hash) === id) hashes.get(client)!.delete(gone.hash);
  }

  return {
    find(client, id) {
      if (client !== null) return findOf(client, id);
      for (const name of clients.keys()) {
        const found = findOf(name, id);
        if (found) return found;
      }
      return undefined;
    },
    add({ client, id, owner, name, body, maxAge }) {
      remove(client, id);
      const hash = sha256(body);
      const found: Found = { text: body, hash, registered: { id, name, client, owner, maxAge } };
      clients.set(client, (clients.get(client) ?? new Map<string, Found>()).set(id, found));
      hashes.set(client, (hashes.get(client) ?? new Map<string, string>()).set(hash, id));
    },
    remove,
    get size() {
      return [...clients.values()].reduce((sum, { size }) => sum + size, 0);
    },
  };
}
