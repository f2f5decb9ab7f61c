import { readFileSync } from 'node:fs';
import { anonymous, customer, guest, staff, startTestHouses, type TestHouses } from '@souk/kit/testing';
import { DEFAULT_CHANNEL, encodeId } from '@souk/schema';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { platform } from './index.ts';

const CREATE = `mutation ($input: CreateChannelInput!) { createChannel(input: $input) { channel { id code currency active version } errors { code message field } } }`;
const UPDATE = `mutation ($id: ID!, $input: UpdateChannelInput!) { updateChannel(id: $id, input: $input) { channel { name active version } errors { code field } } }`;
const us = {
  code: 'us',
  name: 'United States',
  currency: 'USD',
  defaultLocale: 'en-US',
  timeZone: 'America/New_York',
  pricesIncludeTax: false,
};
const first = encodeId('Channel', DEFAULT_CHANNEL.id);

describe('platform', () => {
  let t: TestHouses;
  const admin = staff('ADMIN');
  beforeAll(async () => {
    t = await startTestHouses([platform]);
  });
  afterAll(() => t.stop());

  const channels = async () =>
    (await t.run('platform', anonymous(), '{ channels { code } }')).channels.map((one: { code: string }) => one.code);

  it('starts with one channel', async () => {
    expect(
      await t.run(
        'platform',
        anonymous(),
        '{ channels { id code currency pricesIncludeTax active } channel(code: "default") { code } }',
      ),
    ).toEqual({
      channels: [{ id: first, code: 'default', currency: 'EUR', pricesIncludeTax: true, active: true }],
      channel: { code: 'default' },
    });
  });

  it.each([
    ['an anonymous viewer', anonymous(), 'UNAUTHENTICATED'],
    ['a guest', guest(), 'UNAUTHENTICATED'],
    ['a customer', customer(), 'FORBIDDEN'],
    ['support', staff('SUPPORT'), 'FORBIDDEN'],
    ['merchandisers', staff('MERCHANDISER', 'WAREHOUSE', 'FINANCE'), 'FORBIDDEN'],
  ])('refuses %s every change: nothing is kept and nothing said', async (_who, viewer, code) => {
    for (const [document, variables] of [
      [CREATE, { input: us }],
      [UPDATE, { id: first, input: { name: 'x' } }],
      ['mutation { redriveDeadLetter(input: { id: "x", house: "orders" }) { heard } }', {}],
      ['{ deadLetters { nodes { id } } }', {}],
    ] as const) {
      const { errors } = await t.ask('platform', viewer, document, variables);
      expect(errors?.map((error) => error.extensions.code)).toEqual([code]);
    }
    expect(await channels()).toEqual(['default']);
    expect(await t.said('platform')).toEqual([]);
  });

  it('opens a channel and says so, in the shape of the example', async () => {
    const { createChannel } = await t.run('platform', admin, CREATE, { input: us });
    expect(createChannel).toEqual({
      channel: { id: expect.stringMatching(/^chan_/), code: 'us', currency: 'USD', active: true, version: 1 },
      errors: [],
    });
    const [said] = await t.said('platform', 'platform.ChannelChanged');
    const example = JSON.parse(
      readFileSync(new URL('../../../schema/events/examples/platform.ChannelChanged.json', import.meta.url), 'utf8'),
    );
    expect(Object.keys(said!.data).sort()).toEqual(Object.keys(example.data).sort());
    expect(said!.data).toMatchObject({ code: 'us', currency: 'USD', pricesIncludeTax: false });
  });

  it('opens one channel when ten ask for the same code at once', async () => {
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => t.run('platform', admin, CREATE, { input: { ...us, code: 'race' } })),
    );
    expect(answers.filter((answer) => answer.createChannel.channel)).toHaveLength(1);
    expect(
      answers.flatMap((answer) => answer.createChannel.errors.map((error: { code: string }) => error.code)),
    ).toEqual(Array(9).fill('CODE_TAKEN'));
  });

  it('tells every mistake of a draft at once', async () => {
    const { createChannel } = await t.run('platform', admin, CREATE, {
      input: {
        code: 'Bad Code',
        name: ' ',
        currency: 'ZZZ',
        defaultLocale: 'no such',
        timeZone: 'Mars/Base',
        pricesIncludeTax: true,
      },
    });
    expect(createChannel.channel).toBeNull();
    expect(
      createChannel.errors.map(({ code, field }: { code: string; field: string[] }) => [code, field.join('.')]),
    ).toEqual([
      ['INVALID_CODE', 'input.code'],
      ['INVALID_NAME', 'input.name'],
      ['INVALID_CURRENCY', 'input.currency'],
      ['INVALID_LOCALE', 'input.defaultLocale'],
      ['INVALID_TIME_ZONE', 'input.timeZone'],
    ]);
  });

  it('tells every mistake of a change at once, and changes nothing', async () => {
    const before = await t.said('platform');
    for (const name of ['', ' ', 'x'.repeat(101), 'a\nb', 'a\u0000b']) {
      const { updateChannel } = await t.run('platform', admin, UPDATE, {
        id: first,
        input: { name, defaultLocale: 'no such', timeZone: 'Mars/Base' },
      });
      expect(updateChannel.channel).toBeNull();
      expect(updateChannel.errors).toEqual([
        { code: 'INVALID_NAME', field: ['input', 'name'] },
        { code: 'INVALID_LOCALE', field: ['input', 'defaultLocale'] },
        { code: 'INVALID_TIME_ZONE', field: ['input', 'timeZone'] },
      ]);
    }
    expect(await t.said('platform')).toEqual(before);
    const { updateChannel } = await t.run('platform', admin, UPDATE, {
      id: first,
      input: { name: ' Home ', defaultLocale: 'de', timeZone: 'UTC' },
    });
    expect(updateChannel).toMatchObject({ channel: { name: 'Home' }, errors: [] });
    await t.sql(`update platform.channels set version = 1 where code = 'default'`);
  });

  it('refuses a change to what somebody else changed meanwhile, and an unknown channel', async () => {
    const { updateChannel } = await t.run('platform', admin, UPDATE, {
      id: first,
      input: { name: 'Europe', expectedVersion: 1 },
    });
    expect(updateChannel).toEqual({ channel: { name: 'Europe', active: true, version: 2 }, errors: [] });
    const stale = await t.run('platform', admin, UPDATE, { id: first, input: { name: 'EU', expectedVersion: 1 } });
    expect(stale.updateChannel.errors).toEqual([{ code: 'CONFLICT', field: ['input', 'expectedVersion'] }]);
    for (const id of ['chan_00000000000000000000000000', 'prod_00000000000000000000000000', '', 'nonsense']) {
      const { updateChannel: unknown } = await t.run('platform', admin, UPDATE, { id, input: { name: 'EU' } });
      expect(unknown.errors).toEqual([{ code: 'NOT_FOUND', field: ['id'] }]);
    }
  });

  it('keeps one active channel, also when all are closed at once', async () => {
    const ids = (await t.run('platform', anonymous(), '{ channels { id } }')).channels.map(
      (one: { id: string }) => one.id,
    );
    for (let round = 0; round < 10; round++) {
      await t.sql('update platform.channels set active = true');
      await Promise.all(ids.map((id: string) => t.run('platform', admin, UPDATE, { id, input: { active: false } })));
      expect(await t.sql('select count(*)::int as n from platform.channels where active')).toEqual([{ n: 1 }]);
    }
    await t.sql('update platform.channels set active = true');
  });

  it('finds its own channel as a node and nothing for what is unknown, malformed or of no house here', async () => {
    const { nodes } = await t.run('platform', guest(), 'query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }', {
      ids: [
        first,
        encodeId('Channel', '01900000-0000-7000-8000-00000000ffff'),
        'nonsense',
        encodeId('Product', DEFAULT_CHANNEL.id),
        first,
      ],
    });
    expect(nodes).toEqual([
      { __typename: 'Channel', id: first },
      null,
      null,
      null,
      { __typename: 'Channel', id: first },
    ]);
    const { errors } = await t.ask('platform', guest(), 'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', {
      ids: Array(101).fill(first),
    });
    expect(errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
  });

  it('tells where and as whom it answers', async () => {
    expect(
      await t.run('platform', guest(), '{ context { channel { code } currency locale viewer roles requestId } }'),
    ).toEqual({
      context: {
        channel: { code: 'default' },
        currency: 'EUR',
        locale: 'en',
        viewer: 'guest',
        roles: [],
        requestId: 'test',
      },
    });
  });

  it('says its present state again when asked', async () => {
    const before = (await t.said('platform')).length;
    expect(await t.house('platform').resay()).toBe((await channels()).length);
    expect((await t.said('platform')).length).toBe(before + (await channels()).length);
  });
});
