import { StartupError } from '@souk/kit';
import { describe, expect, it } from 'vitest';
import { learn } from './admission.testing.ts';
import { plannable, readLinks } from './links.ts';

const refused = (work: () => unknown): string => {
  try {
    work();
  } catch (error) {
    expect(error).toBeInstanceOf(StartupError);
    return (error as Error).message;
  }
  throw new Error('it was taken');
};
const schema = (...links: string[]) => `schema ${links.join(' ')} { query: Query } type Query { a: Int }`;

describe('the security features of a supergraph', () => {
  it('are refused where nobody enforces them', () => {
    const unknown = schema('@link(url: "https://specs.apollo.dev/quantumAuth/v0.1", for: SECURITY)');
    expect(refused(() => readLinks(unknown))).toBe(
      'The supergraph asks for the security feature quantumAuth, and this router does not enforce it.',
    );
    const foreign = schema('@link(url: "https://example.com/auth/v1.0", for: SECURITY)');
    expect(refused(() => readLinks(foreign))).toContain('https://example.com/auth/v1.0');
  });
  it('lose their purpose for planning alone, and only those that are enforced here', () => {
    const links = [
      '@link(url: "https://specs.apollo.dev/requiresScopes/v0.1", for: SECURITY)',
      '@link(url: "https://specs.apollo.dev/inaccessible/v0.2", for: SECURITY)',
    ];
    expect(plannable(schema(...links))).toBe(
      schema('@link(url: "https://specs.apollo.dev/requiresScopes/v0.1")', links[1]!),
    );
  });
  it('are known by the name a supergraph gives them', () => {
    const named = readLinks(
      schema(
        '@link(url: "https://specs.apollo.dev/authenticated/v0.1", as: "auth", for: SECURITY)',
        '@link(url: "https://specs.apollo.dev/cost/v0.1", import: [{ name: "@listSize", as: "@long" }])',
      ),
    );
    expect(named.directiveOf('authenticated')).toBe('auth');
    expect(named.directiveOf('cost')).toBe('cost');
    expect(named.directiveOf('cost', 'listSize')).toBe('long');
    expect(named.directiveOf('join', 'field')).toBe('field');
  });
  it('are refused where they ask for a scope or a policy that nobody can have', () => {
    const ask = (directive: string) => () => learn(`type Query { a: Int ${directive} }`);
    expect(refused(ask('@requiresScopes(scopes: [["support:read"], ["gods:write"]])'))).toBe(
      'The supergraph asks for the scope "gods:write", and nothing here tells who has it.',
    );
    expect(refused(ask('@policy(policies: [["toString"]])'))).toBe(
      'The supergraph asks for the policy "toString", and nothing here tells who has it.',
    );
  });
});
