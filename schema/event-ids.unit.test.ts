import { describe, expect, it } from 'vitest';
import { fromEventId, toEventId } from './event-ids.ts';

describe('an event id', () => {
  it('comes back as what it was made of, whatever the thing is called', () => {
    for (const id of ['0190-aa', 'a-b-c', 'x', '7-7']) {
      expect(fromEventId(toEventId({ id, version: 12 }))).toEqual({ id, version: 12 });
    }
  });

  it('is none where a client made it up', () => {
    for (const text of ['', '-', '12', 'x-1', '-1-x', '1.5-x', `${'9'.repeat(16)}-x`, `1-${'x'.repeat(201)}`]) {
      expect(fromEventId(text)).toBeNull();
    }
  });
});
