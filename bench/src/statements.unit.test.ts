import { describe, expect, it } from 'vitest';
import { countStatements, parseLog, shapesOf, sumOf, withoutSweeps } from './statements.ts';

const line = (application: string, message: string, at = '1700000000.250') => `${at}|4242|${application}|${message}`;

describe('counting the statements of a text', () => {
  it.each([
    ['', 0],
    [' ; ;; ', 0],
    ['-- nothing', 0],
    ['/* a /* nested; */ comment; */', 0],
    ['begin', 1],
    ['select 1;', 1],
    ['select 1; select 2', 2],
    ['begin; update t set a = 1; commit;', 3],
    ["select 'a;b', 'it''s; fine'", 1],
    [String.raw`select E'a\';b'; select 2`, 2],
    ['select "odd;name" from t', 1],
    ['select $$ a; b $$, $tag$ c; $$ d; $tag$; select 2', 2],
    ['select $1, $2; select $1', 2],
    ['select 1 -- not; this\n; select 2', 2],
    ['select 1 /* not; this */ ; /* nor; this */', 1],
    ['select 1 /* never closed; select 2', 1],
  ])('finds in %j as many as %i', (sql, count) => {
    expect(countStatements(sql)).toBe(count);
  });
});

describe('reading the log', () => {
  it('keeps simple and prepared statements and leaves out everything else', () => {
    const log = [
      '1699999999.999|1||LOG:  received SIGHUP, reloading configuration files',
      line('souk-carts', 'LOG:  statement: BEGIN'),
      line('souk-carts', 'LOG:  execute <unnamed>: select *'),
      '\tfrom cart',
      '\twhere id = $1',
      line('souk-carts', "DETAIL:  Parameters: $1 = 'select 1; select 2'"),
      line('souk-carts', 'LOG:  execute named: select 1'),
      line('souk-carts', 'LOG:  execute fetch from <unnamed>: select 1'),
      line('souk-carts', 'ERROR:  duplicate key value violates unique constraint "cart_one"'),
      line('souk-carts', 'STATEMENT:  insert into cart values ($1)'),
      line('', 'LOG:  statement: set a = 1; set b = 2'),
      'a line of another program',
      line('souk-orders', 'LOG:  statement: commit', '1700000000.500'),
      '',
    ].join('\n');
    expect(parseLog(log)).toEqual([
      { at: 1_700_000_000_250, application: 'souk-carts', text: 'BEGIN', count: 1 },
      { at: 1_700_000_000_250, application: 'souk-carts', text: 'select *\nfrom cart\nwhere id = $1', count: 1 },
      { at: 1_700_000_000_250, application: 'souk-carts', text: 'select 1', count: 1 },
      { at: 1_700_000_000_250, application: '', text: 'set a = 1; set b = 2', count: 2 },
      { at: 1_700_000_000_500, application: 'souk-orders', text: 'commit', count: 1 },
    ]);
    expect(sumOf(parseLog(log))).toBe(6);
  });

  it('puts statements of one shape together', () => {
    const statements = parseLog(
      [
        line('a', 'LOG:  execute <unnamed>: select  x where id in ($1, $2)'),
        line('a', 'LOG:  execute <unnamed>: select x where id in ($1, $2, $3)'),
        line('b', 'LOG:  statement: commit'),
      ].join('\n'),
    );
    expect(shapesOf(statements)).toEqual([
      { application: 'a', shape: 'select x where id in ($…)', count: 2 },
      { application: 'b', shape: 'commit', count: 1 },
    ]);
  });
});

describe('sweeps of an idle server', () => {
  const said = (application: string, text: string) => ({ at: 0, application, text, count: 1 });

  it('are left out by application and shape, and nothing else is', () => {
    const idle = [said('a', 'select * from outbox limit $1')];
    const busy = [
      said('a', 'select *  from outbox\nlimit $1'),
      said('b', 'select * from outbox limit $1'),
      said('a', 'begin'),
    ];
    expect(withoutSweeps(busy, idle)).toEqual(busy.slice(1));
  });
});
