import { Supergraph } from '@apollo/federation-internals';
import { StartupError } from '@souk/kit';
import { type DocumentNode, Kind, parse } from 'graphql';
import { appliedTo } from '../directives.ts';

/** A feature of federation as a supergraph links it. */
interface Link {
  /** `requiresScopes` of `https://specs.apollo.dev/requiresScopes/v0.1`. */
  readonly identity: string;
  readonly prefix: string;
  /** Directive → the name it has here. */
  readonly imported: ReadonlyMap<string, string>;
  readonly purpose: string | null;
}

/** A supergraph, and what its directives are called in it. */
export interface Linked {
  readonly document: DocumentNode;
  /** The name of a directive in this supergraph. */
  directiveOf(identity: string, directive?: string): string;
}

/** Those that are enforced before planning. */
const ENFORCED: ReadonlySet<string> = new Set(['authenticated', 'requiresScopes', 'policy']);
/** Those that the planner and the schema see to. */
const ELSEWHERE: ReadonlySet<string> = new Set(['inaccessible']);

const SPECIFICATION = /^https:\/\/specs\.apollo\.dev\/([^/]+)\/v[\d.]+$/;

/** Throws a StartupError where a security directive is linked that nobody here enforces. */
export function readLinks(sdl: string): Linked {
  const document = parse(sdl, { noLocation: true });
  const links = document.definitions.flatMap((definition) =>
    definition.kind === Kind.SCHEMA_DEFINITION || definition.kind === Kind.SCHEMA_EXTENSION
      ? appliedTo(definition, 'link').flatMap(linkOf)
      : [],
  );
  for (const { identity, purpose } of links) {
    if (purpose !== 'SECURITY' || ENFORCED.has(identity) || ELSEWHERE.has(identity)) continue;
    throw new StartupError(
      `The supergraph asks for the security feature ${identity}, and this router does not enforce it.`,
      'Take the directive out of the subgraphs, or run a router that knows it.',
    );
  }
  const byIdentity = new Map(links.map((link) => [link.identity, link]));
  return {
    document,
    directiveOf(identity, directive = identity) {
      const link = byIdentity.get(identity);
      if (!link) return directive;
      const imported = link.imported.get(directive);
      return imported ?? (directive === identity ? link.prefix : `${link.prefix}__${directive}`);
    },
  };
}

function linkOf({ url, as, import: imports = [], for: purpose = null }: Readonly<Record<string, unknown>>): Link[] {
  const identity = SPECIFICATION.exec(String(url))?.[1];
  // Other people's features bring no security of ours; one that claims to is not passed over.
  if (!identity && purpose !== 'SECURITY') return [];
  const imported = new Map<string, string>();
  for (const item of imports as readonly (string | { name: string; as?: string })[]) {
    const { name, as: alias = name } = typeof item === 'string' ? { name: item } : item;
    imported.set(name.replace(/^@/, ''), alias.replace(/^@/, ''));
  }
  return [
    {
      identity: identity ?? String(url),
      prefix: typeof as === 'string' ? as : (identity ?? String(url)),
      imported,
      purpose: purpose as string | null,
    },
  ];
}

const LINK = /@link\([^)]*\)/g;

/** The SDL for planning: the purpose of what is enforced here is taken away, for Apollo's planner would refuse it. */
export const plannable = (sdl: string): string =>
  sdl.replace(LINK, (link) => {
    const identity = /specs\.apollo\.dev\/([^/"]+)\//.exec(link)?.[1];
    return identity && ENFORCED.has(identity) ? link.replace(/,\s*for:\s*SECURITY/, '') : link;
  });

/** A supergraph as Apollo's planner takes it. */
export const buildSupergraph = (sdl: string): Supergraph => Supergraph.build(plannable(sdl));
