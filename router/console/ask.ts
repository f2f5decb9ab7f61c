import type { TypedDocumentString } from '@souk/admin';
import { useCallback, useEffect, useRef, useState } from 'react';
import { contextHeaders } from './context.ts';
import { postAsSession, session } from './session.ts';
import { useStore } from './store.ts';

/** Runs one of the console's own operations as the present session. Throws the sentence to show. */
export async function ask<Result, Variables>(
  document: TypedDocumentString<Result, Variables>,
  variables: Variables,
): Promise<Result> {
  const query = document.toString().trim();
  const answer = await postAsSession(
    { query, variables: { ...variables } as Record<string, unknown> },
    contextHeaders(),
  );
  if (!answer.data || answer.errors)
    throw new Error(answer.errors?.[0]?.message ?? 'The graph gave no answer to that.');
  return answer.data as Result;
}

/** The first mistake a payload names is thrown as its sentence. */
export function refuseErrors(errors: readonly { readonly message: string }[]): void {
  const [first] = errors;
  if (first) throw new Error(first.message);
}

export const sentenceOf = (error: unknown): string => (error instanceof Error ? error.message : 'That did not work.');

export type Loaded<T> =
  | { readonly state: 'LOADING'; readonly value: T | undefined }
  | { readonly state: 'READY'; readonly value: T }
  | { readonly state: 'FAILED'; readonly value: T | undefined; readonly message: string };

/**
 * What `load` gives, loaded again when asked, when `of` is another, and whenever somebody else is signed in. An older answer
 * never overtakes a newer.
 */
export function useLoaded<T>(load: () => Promise<T>, of = ''): Loaded<T> & { reload: () => Promise<void> } {
  const [loaded, setLoaded] = useState<Loaded<T>>({ state: 'LOADING', value: undefined });
  const current = useStore(session);
  const who = current.kind === 'user' ? `${current.email} ${current.roles.join()}` : current.kind;
  const latest = useRef(load);
  latest.current = load;
  const turn = useRef(0);
  const reload = useCallback(async () => {
    const mine = ++turn.current;
    setLoaded(({ value }) => ({ state: 'LOADING', value }));
    try {
      const value = await latest.current();
      if (mine === turn.current) setLoaded({ state: 'READY', value });
    } catch (error) {
      if (mine === turn.current) setLoaded(({ value }) => ({ state: 'FAILED', value, message: sentenceOf(error) }));
    }
  }, []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another person, or another wish, sees other things
  useEffect(() => void reload(), [who, of, reload]);
  return { ...loaded, reload };
}
