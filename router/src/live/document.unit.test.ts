import { buildSchema, getOperationAST, parse, print, validate } from 'graphql';
import { describe, expect, it } from 'vitest';
import { liveDocument } from './document.ts';

const schema = buildSchema(`
  type Query { a: Int }
  type Thing { name(upper: Boolean): String }
  type Changed { eventId: String! thing: Thing }
  type Plain { thing: Thing requestId: ID }
  type Subscription {
    changed(ids: [ID!], after: String): Changed!
    plain(after: String): Plain
    endless: Changed
  }
`);

function live(text: string, operationName?: string) {
  const document = parse(text);
  expect(validate(schema, document)).toEqual([]);
  return liveDocument(schema, document, getOperationAST(document, operationName)!);
}

describe('a subscription that is shared', () => {
  it('asks for the event id itself and takes no `after`', () => {
    const made = live('subscription ($after: String) { c: changed(ids: ["1"], after: $after) { thing { name } } }')!;
    expect(print(made.document)).toBe(
      print(
        parse(
          'subscription ($after: String) { c: changed(ids: ["1"]) { thing { name } souk_shared_eventId: eventId } }',
        ),
      ),
    );
    expect(made.document.loc).toBeUndefined();
    const data = { c: { thing: null, souk_shared_eventId: '3-a' } };
    expect(made.takeEventId(data)).toBe('3-a');
    expect(data).toEqual({ c: { thing: null } });
  });

  it('is found through fragments, with what the client itself asks for left alone', () => {
    const made = live(
      'subscription { ...S } fragment S on Subscription { ... on Subscription { changed(after: "2-a") { eventId } } }',
    )!;
    expect(made.after({})).toBe('2-a');
    const data = { changed: { eventId: '3-a', souk_shared_eventId: '3-a' } };
    made.takeEventId(data);
    expect(data).toEqual({ changed: { eventId: '3-a' } });
  });

  it('takes `after` from wherever it is said', () => {
    const variable = 'subscription S($after: String = "1-a") { changed(after: $after) { eventId } }';
    const made = live(variable)!;
    expect(made.after({ after: '9-a' })).toBe('9-a');
    expect(made.after({})).toBe('1-a');
    expect(made.after({ after: null })).toBe(null);
    expect(made.after({ after: 7 })).toBeUndefined();
    expect(live('subscription ($after: String!) { changed(after: $after) { eventId } }')!.after({})).toBeUndefined();
    expect(live('subscription { changed(after: null) { eventId } }')!.after({})).toBe(null);
    expect(live('subscription { changed { eventId } }')!.after({})).toBe(null);
  });

  it('is told from others by the variables that decide, which `after` is none of', () => {
    const made = live(
      'subscription ($ids: [ID!], $upper: Boolean, $after: String) { changed(ids: $ids, after: $after) { thing { name(upper: $upper) } } }',
    )!;
    expect(made.variables).toEqual(['ids', 'upper']);
  });

  it('is none without event ids, or where it tells one request from the next', () => {
    expect(live('subscription { plain { thing { name } } }')).toBeNull();
    expect(live('subscription { endless { eventId } }')).toBeNull();
    expect(live('subscription { plain { requestId } }')).toBeNull();
    expect(live('subscription { changed { souk_shared_eventId: thing { name } } }')).toBeNull();
  });

  it('knows its operation among others', () => {
    const text =
      'query Q { a } subscription S { changed(after: "4-a") { eventId } } subscription T { changed { eventId } }';
    expect(live(text, 'S')!.after({})).toBe('4-a');
  });
});
