import { useSyncExternalStore } from 'react';

/** A value outside React that components can follow. */
export interface Store<T> {
  get(): T;
  set(value: T): void;
  subscribe(listener: () => void): () => void;
}

/** A store that lives as long as the page. */
export function pageStore<T>(initial: T, onSet: (value: T) => void = () => {}): Store<T> {
  const listeners = new Set<() => void>();
  let value = initial;
  return {
    get: () => value,
    set(next) {
      value = next;
      onSet(next);
      for (const listener of listeners) listener();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** A store kept in localStorage, which every tab of this browser shares. */
export function localStore<T>(key: string, initial: T, accepts: (value: unknown) => value is T): Store<T> {
  let told = false;
  const store = pageStore(read(key, initial, accepts, localStorage), (value) => {
    if (told) return;
    try {
      localStorage.setItem(key, JSON.stringify(value));
    } catch {
      // Storage may be full or forbidden; the value then lives as long as the page.
    }
  });
  addEventListener('storage', (event) => {
    if (event.key !== key) return;
    told = true;
    store.set(read(key, initial, accepts, localStorage));
    told = false;
  });
  return store;
}

/** A store kept in sessionStorage, so that a reload keeps it and closing the tab forgets it. */
export const sessionStore = <T>(key: string, initial: T, accepts: (value: unknown) => value is T): Store<T> =>
  pageStore(read(key, initial, accepts, sessionStorage), (value) => {
    try {
      sessionStorage.setItem(key, JSON.stringify(value));
    } catch {
      // Storage may be full or forbidden; the value then lives as long as the page.
    }
  });

function read<T>(key: string, initial: T, accepts: (value: unknown) => value is T, storage: Storage): T {
  try {
    const stored: unknown = JSON.parse(storage.getItem(key) ?? 'null');
    return accepts(stored) ? stored : initial;
  } catch {
    return initial;
  }
}

export const useStore = <T>(store: Store<T>): T => useSyncExternalStore(store.subscribe, store.get);

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
