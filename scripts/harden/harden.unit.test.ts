import { describe, expect, it } from 'vitest';
import { type Case, families } from './case.ts';
import { cases } from './cases.ts';
import { type Door, doorsOf, neverAFault, refusedBy, type Said } from './doors.ts';
import { readHardenOptions } from './options.ts';
import { closeCodeIn, frameOf, statusesIn } from './raw.ts';
import { describeRuns } from './report.ts';
import { shapeCases } from './shape.cases.ts';
import { valueCases } from './values.cases.ts';

const said = (more: Partial<Said>): Said => ({
  status: 400,
  headers: {},
  closed: null,
  errors: [],
  data: null,
  extensions: null,
  text: '',
  ...more,
});
const error = (code: string, message = 'No.') => ({
  message,
  extensions: { code, requestId: '01234567-89ab-cdef-0123-456789abcdef' },
});

describe('a refusal', () => {
  it('is right with its code, without anything of ours or theirs', () => {
    expect(refusedBy(said({ errors: [error('BAD_USER_INPUT')] }), ['BAD_USER_INPUT'], 'hunter2')).toEqual([]);
  });

  it.each([
    ['no errors at all', said({ status: 200, data: { a: 1 } as never })],
    ['another code', said({ errors: [error('INTERNAL')] })],
    ['a code that is none', said({ errors: [error('GRAPHQL_VALIDATION_FAILED')] })],
    ['a status of a fault', said({ status: 500, errors: [error('BAD_USER_INPUT')] })],
    ['data', said({ data: { a: 1 } as never, errors: [error('BAD_USER_INPUT')] })],
    ['a stack', said({ errors: [error('BAD_USER_INPUT')], text: 'at run (/srv/router/front.ts:10:2)' })],
    ['SQL', said({ errors: [error('BAD_USER_INPUT')], text: 'select id from users' })],
    ['what came in', said({ errors: [error('BAD_USER_INPUT')], text: 'hunter2' })],
    ['a socket closed for a fault', said({ status: null, closed: 1011 })],
  ])('is noticed to be wrong with %s', (_, wrong) => {
    expect(refusedBy(wrong, ['BAD_USER_INPUT'], 'hunter2')).not.toEqual([]);
  });

  it('may be anything but a fault where an answer would do as well', () => {
    expect(neverAFault(said({ status: 200, data: {} as never }))).toEqual([]);
    expect(neverAFault(said({ errors: [error('INTERNAL')] }))).not.toEqual([]);
  });
});

describe('a case', () => {
  /** A shop that answers everything, as one without limits would. */
  const open: Door = { name: 'POST', ask: async () => said({ status: 200, data: { me: { id: 1 } } as never }) };
  const scene = { origin: '', graph: '', doors: [open], rest: false, frail: null, short: true };
  const strict = [
    ...shapeCases.filter(({ name }) => name !== 'twins'),
    ...valueCases.filter(({ name }) => name === 'variables'),
  ];

  it.each(strict.map((one) => [one.name, one] as const))(
    'notices a shop that answers whatever comes: %s',
    async (_, one) => {
      expect(await one.run(scene)).not.toEqual([]);
    },
  );

  it('has a name of its own and a family', () => {
    expect(new Set(cases.map(({ name }) => name)).size).toBe(cases.length);
    expect(new Set(cases.map(({ family }) => family))).toEqual(new Set(families));
  });

  it('comes over every door', () => {
    expect(doorsOf('http://localhost:1/graphql').map(({ name }) => name)).toEqual([
      'POST',
      'GET',
      'WebSocket',
      'SSE',
      'multipart',
    ]);
  });
});

describe('the command line', () => {
  const names = (...words: string[]): string[] => readHardenOptions(words, cases).cases.map(({ name }) => name);

  it('takes names and families, all cases if none, and none that wait in short', () => {
    expect(names()).toEqual(cases.map(({ name }) => name));
    expect(names('nesting', 'frames')).toEqual(['nesting', 'frames']);
    expect(names('subgraphs')).toEqual(cases.filter(({ family }) => family === 'subgraphs').map(({ name }) => name));
    expect(names('--short')).not.toContain('slow');
  });

  it('refuses what it does not understand, in a sentence', () => {
    expect(() => names('nothing')).toThrow('There is no case "nothing".');
    expect(() => names('--loud')).toThrow('are not understood');
    expect(() => names('--url', 'localhost')).toThrow('--url takes an address');
  });
});

describe('bytes', () => {
  it('of frames are masked, and lie where they are told to', () => {
    const frame = frameOf('hello');
    expect([frame[0], frame[1]]).toEqual([0x81, 0x85]);
    expect(
      frame
        .subarray(6)
        .map((byte, at) => byte ^ frame[2 + (at % 4)]!)
        .toString(),
    ).toBe('hello');
    expect(frameOf('', { length: 2 ** 20, masked: false })[1]).toBe(127);
  });

  it('of answers tell every status and how a socket was closed', () => {
    expect(statusesIn('HTTP/1.1 400 Bad\r\n\r\nHTTP/1.1 200 OK\r\n\r\n')).toEqual([400, 200]);
    const close = Buffer.concat([
      frameOf('{}', { masked: false }),
      frameOf(Buffer.from([0x11, 0x30]), { opcode: 8, masked: false }),
    ]);
    expect(closeCodeIn(`HTTP/1.1 101\r\n\r\n${close.toString('latin1')}`)).toBe(4400);
    expect(closeCodeIn('HTTP/1.1 101\r\n\r\n')).toBeNull();
  });
});

it('the report lists each wrong, and how to have it again', () => {
  const one = cases[0] as Case;
  const innocent = { answered: 3, failures: [], worstMs: 12 };
  const text = describeRuns([{ one, wrongs: ['It was not refused.'], seconds: 1, innocent, peakMb: 300 }]);
  expect(text).toContain('✗ It was not refused.');
  expect(text).toContain(`npm run harden -- ${one.name}`);
  expect(text).toContain('1 of 1 cases broke a promise');
});
