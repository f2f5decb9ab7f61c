import { describe, expect, it } from 'vitest';
import { multipart, sse, streamFormat } from './formats.ts';

describe('the stream a client asks for', () => {
  it.each([
    ['text/event-stream', sse],
    ['application/json, text/event-stream', sse],
    ['multipart/mixed;subscriptionSpec=1.0, application/json', multipart],
    ['multipart/mixed; boundary="graphql"; subscriptionSpec="1.0", application/json', multipart],
    ['multipart/mixed;deferSpec=20220824, application/json', null],
    ['multipart/mixed', null],
    ['text/event-stream;q=0, application/json', null],
    ['*/*', null],
    ['', null],
    [undefined, null],
  ])('%s', (accept, format) => {
    expect(streamFormat(accept)).toBe(format);
  });
});

describe('Server-Sent Events', () => {
  it('carry an event id for browsers to give back, and none that could forge a line', () => {
    expect(sse.event('{"data":1}', '3-0190-ab')).toBe('event: next\nid: 3-0190-ab\ndata: {"data":1}\n\n');
    expect(sse.event('{"data":1}', null)).toBe('event: next\ndata: {"data":1}\n\n');
    expect(sse.event('{"data":1}', '3-a\ndata: forged')).toBe('event: next\ndata: {"data":1}\n\n');
  });

  it('say `complete` where nobody shall come back, and not where the stream goes on elsewhere', () => {
    expect(sse.ended('[{}]')).toBe('event: next\ndata: {"errors":[{}]}\n\nevent: complete\ndata:\n\n');
    expect(sse.leaving('[{}]')).toBe('retry: 1000\n\n');
  });
});

describe('multipart', () => {
  it('ends each part with the boundary of the next, so that it is shown at once', () => {
    const { opening, event, completed } = multipart;
    const text = `${opening}${event('{"data":1}', null)}${completed}`;
    const head = 'content-type: application/json; charset=utf-8';
    expect(text).toBe(
      `--graphql\r\n${head}\r\n\r\n{}\r\n--graphql\r\n${head}\r\n\r\n{"payload":{"data":1}}\r\n--graphql--\r\n`,
    );
  });

  it('tells what is wrong with the stream itself without a payload', () => {
    expect(multipart.ended('[{"message":"x"}]')).toContain(
      '{"payload":null,"errors":[{"message":"x"}]}\r\n--graphql--',
    );
  });
});
