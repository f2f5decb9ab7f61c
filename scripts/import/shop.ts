import { setTimeout as sleep } from 'node:timers/promises';
import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { StartupError, systemCode } from '@souk/kit/startup-error';
import { print } from 'graphql';
import { signIn } from './documents.ts';

export interface Login {
  readonly email: string;
  readonly password: string;
}

export interface ShopOptions {
  /** Where the graph answers, such as http://localhost:4000/graphql. */
  readonly url: string;
  /** Nobody in particular without it. */
  readonly login?: Login;
  /** Code of the channel whose prices are read. */
  readonly channel?: string;
  /** How requests leave; a test puts a bad line here. */
  readonly fetch?: typeof globalThis.fetch;
  /** How long a line that broke is tried again, in milliseconds. */
  readonly patience?: number;
}

/** The graph answered a request as a whole with an error. */
export class GraphFault extends Error {
  override readonly name = 'GraphFault';
  readonly code: string;
  readonly retryAfterMs: number | null;

  constructor(message: string, code: string, retryAfterMs: number | null = null) {
    super(message);
    this.code = code;
    this.retryAfterMs = retryAfterMs;
  }
}

interface Answer {
  readonly data?: unknown;
  readonly errors?: readonly {
    readonly message: string;
    readonly extensions?: { readonly code?: string; readonly retryAfterMs?: number; readonly requestId?: string };
  }[];
}

const PATIENCE = 60_000;
const LONGEST_PAUSE = 5_000;
/** What may be over the next time. */
const passing = new Set(['RATE_LIMITED', 'SUBGRAPH_UNAVAILABLE', 'TIMEOUT', 'OVERLOADED']);

class LineBroke extends Error {}

/**
 * The graph over HTTP, as a client that does not give up at once: a request whose connection broke is sent again, so every
 * operation run through it must bear being done twice. Signs in again when a session ends.
 */
export class Shop {
  readonly #options: ShopOptions;
  readonly #fetch: typeof globalThis.fetch;
  #session: Promise<{ token: string; until: number }> | null = null;
  /** How many requests were sent a second time. */
  resent = 0;

  private constructor(options: ShopOptions) {
    this.#options = options;
    this.#fetch = options.fetch ?? globalThis.fetch;
  }

  /** Throws a StartupError where no shop answers or the login is not right. */
  static async connect(options: ShopOptions): Promise<Shop> {
    if (!URL.canParse(options.url) || !/^https?:$/.test(new URL(options.url).protocol)) {
      throw new StartupError(
        `"${options.url}" is not a web address of a graph.`,
        'Give one like --url http://localhost:4000/graphql.',
      );
    }
    const shop = new Shop(options);
    if (options.login) await shop.#token(1);
    return shop;
  }

  get url(): string {
    return this.#options.url;
  }

  /** The same shop, for somebody else. */
  as(login: Login | null): Shop {
    const { login: _, ...rest } = this.#options;
    return new Shop(login ? { ...rest, login } : rest);
  }

  /** The data of an answer. Throws a GraphFault for a request that failed, a StartupError for a shop that is gone. */
  async run<Data, Variables>(document: TypedDocumentNode<Data, Variables>, variables: Variables): Promise<Data> {
    for (let signedInAgain = false; ; signedInAgain = true) {
      const token = await this.#token();
      try {
        return (await this.#send(document, variables, this.#headers(token))) as Data;
      } catch (error) {
        if (!(error instanceof GraphFault) || error.code !== 'UNAUTHENTICATED' || signedInAgain) throw error;
        // Another request may have signed in again meanwhile.
        if (token === (await this.#session)?.token) this.#session = null;
      }
    }
  }

  /** A token that is good for another while, or null without a login. */
  async #token(tries?: number): Promise<string | null> {
    const { login } = this.#options;
    if (!login) return null;
    const known = this.#session;
    if (known && (await known).until <= Date.now() && this.#session === known) this.#session = null;
    this.#session ??= this.#signIn(login, tries);
    const session = this.#session;
    try {
      return (await session).token;
    } catch (error) {
      if (this.#session === session) this.#session = null;
      throw error;
    }
  }

  async #signIn({ email, password }: Login, tries?: number): Promise<{ token: string; until: number }> {
    const { signIn: signedIn } = await this.#send(signIn, { input: { email, password } }, {}, tries);
    if (!signedIn.session) {
      throw new StartupError(
        `The shop at ${this.url} did not let ${email} in: ${signedIn.errors.map((error) => error.message).join(' ')}`,
        'Give the account with --email and --password. The demo shop prints its logins when it starts.',
      );
    }
    // A minute less than it is good for: a long request must not outlive it.
    return { token: signedIn.session.accessToken, until: Date.parse(signedIn.session.expiresAt) - 60_000 };
  }

  async #send<Data, Variables>(
    document: TypedDocumentNode<Data, Variables>,
    variables: Variables,
    headers: Readonly<Record<string, string>>,
    tries = Number.POSITIVE_INFINITY,
  ): Promise<Data> {
    const body = JSON.stringify({ query: textOf(document), variables });
    const deadline = Date.now() + (this.#options.patience ?? PATIENCE);
    for (let tried = 1; ; tried++) {
      try {
        return (await this.#ask(body, headers)) as Data;
      } catch (error) {
        const isPassing = error instanceof LineBroke || (error instanceof GraphFault && passing.has(error.code));
        if (!isPassing) throw error;
        const wanted = error instanceof GraphFault ? error.retryAfterMs : null;
        const pause = wanted ?? Math.min(LONGEST_PAUSE, 100 * 2 ** tried);
        if (tried >= tries || Date.now() + pause > deadline)
          throw error instanceof LineBroke ? this.#gone(error) : error;
        this.resent += 1;
        await sleep(pause);
      }
    }
  }

  #gone(error: LineBroke): StartupError {
    return new StartupError(
      `No shop answers at ${this.url}.`,
      'Start it with "npm start" and leave it running, or name another one with --url.',
      { cause: error.cause },
    );
  }

  #headers(token: string | null): Record<string, string> {
    const { channel } = this.#options;
    return { ...(token ? { authorization: `Bearer ${token}` } : {}), ...(channel ? { 'souk-channel': channel } : {}) };
  }

  async #ask(body: string, headers: Readonly<Record<string, string>>): Promise<unknown> {
    const { url } = this.#options;
    let text: string;
    let response: Response;
    try {
      response = await this.#fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept: 'application/json', ...headers },
        body,
      });
      text = await response.text();
    } catch (error) {
      const { cause } = error as { cause?: unknown };
      if (systemCode(cause) === 'ENOTFOUND') {
        throw new StartupError(`There is no machine "${new URL(url).hostname}".`, 'Correct the address after --url.');
      }
      throw new LineBroke('the connection broke', { cause: error });
    }
    const answer = parse(text);
    const [first] = answer?.errors ?? [];
    if (first) {
      const { code = 'INTERNAL', requestId, retryAfterMs = null } = first.extensions ?? {};
      const trail = code === 'INTERNAL' && requestId ? ` (request ${requestId})` : '';
      throw new GraphFault(`${first.message}${trail}`, code, retryAfterMs);
    }
    if (answer?.data) return answer.data;
    if (response.status >= 502 && response.status <= 504) throw new LineBroke(`a gateway answered ${response.status}`);
    throw new StartupError(
      `What answers at ${url} is not a Souk shop's graph.`,
      'Correct the address after --url; it usually ends with /graphql.',
    );
  }
}

function parse(text: string): Answer | null {
  try {
    const answer: unknown = JSON.parse(text);
    const isAnswer = answer !== null && typeof answer === 'object' && ('data' in answer || 'errors' in answer);
    return isAnswer ? (answer as Answer) : null;
  } catch {
    return null;
  }
}

const texts = new WeakMap<object, string>();

/** Printed once per document: an import sends the same one a thousand times. */
function textOf(document: TypedDocumentNode<unknown, never>): string {
  const known = texts.get(document) ?? print(document);
  texts.set(document, known);
  return known;
}

/** Throws with what a payload has to say against a change that should have gone through. */
export function accepted<Payload extends { readonly errors: readonly { readonly message: string }[] }>(
  payload: Payload,
  what: string,
): Payload {
  if (payload.errors.length === 0) return payload;
  throw new Error(`${what}: ${payload.errors.map((error) => error.message).join(' ')}`);
}
