import {
  badInput,
  Count,
  CountPrecision,
  connectionOf,
  DateTime,
  IdField,
  PageArgs,
  Staff,
  UserError,
} from '@souk/kit';
import { decodeId, encodeId, Rejection } from '@souk/schema';
import { Arg, Args, Ctx, Field, ID, Int, Mutation, ObjectType, Query, Resolver, registerEnumType } from 'type-graphql';
import type { PlatformContext } from './channel.resolvers.ts';

@ObjectType({ description: 'A fact that an ear could not hear after every try, or one that waits behind such a fact.' })
export class DeadLetter {
  @IdField('DeadLetter')
  id!: string;
  @Field(() => String, { description: 'The subgraph whose ear it is.' })
  house!: string;
  @Field(() => String, { description: 'Type of the fact.' })
  type!: string;
  @Field(() => String, { description: 'What the fact is about: later facts of this key wait.' })
  key!: string;
  @Field(() => String, { description: 'FAILED, or KEY_PARKED for one that waits behind.' })
  reason!: string;
  @Field(() => String, { nullable: true, description: 'Class of the error.' })
  error!: string | null;
  @Field(() => Int, { description: 'How often it was tried.' })
  tries!: number;
  @Field(() => DateTime, { description: 'Since when.' })
  parkedAt!: Date;
}

export const { Connection: DeadLetterConnection } = connectionOf('DeadLetter', () => DeadLetter);

export enum DeadLetterErrorCode {
  NOT_FOUND = 'NOT_FOUND',
}
registerEnumType(DeadLetterErrorCode, {
  name: 'DeadLetterErrorCode',
  description: 'Why a dead letter was not driven again.',
  valuesConfig: { NOT_FOUND: { description: 'There is no such dead letter; it may have been heard by now.' } },
});

@ObjectType({ implements: UserError, description: 'Why a dead letter was not driven again.' })
export class DeadLetterError extends UserError {
  @Field(() => DeadLetterErrorCode, { description: 'What is wrong.' })
  code!: DeadLetterErrorCode;
}

@ObjectType({ description: 'What a re-drive did.' })
export class RedriveDeadLetterPayload {
  @Field(() => Int, { nullable: true, description: 'How many facts of the key were heard now.' })
  heard!: number | null;
  @Field(() => [DeadLetterError], { description: 'What to correct.' })
  errors!: DeadLetterError[];
}

const DEFAULT_SIZE = 20;
const MAX_SIZE = 100;

@Resolver(() => DeadLetter)
export class DeadLetterResolver {
  @Staff('ADMIN')
  @Query(() => DeadLetterConnection, {
    description: 'Facts that could not be heard, oldest first, over all subgraphs.',
  })
  async deadLetters(
    @Args(() => PageArgs) { first, after, last, before }: PageArgs,
    @Arg('house', () => String, { nullable: true, description: 'Only those of one subgraph.' }) house: string | null,
    @Ctx() { platform }: PlatformContext,
  ) {
    if (last != null || before != null)
      throw badInput('Dead letters are read from the oldest on: use first and after.');
    const size = first ?? DEFAULT_SIZE;
    if (size < 1 || size > MAX_SIZE) throw badInput(`A page holds between 1 and ${MAX_SIZE}.`);
    const from = after == null ? null : decodeId('DeadLetter', after);
    if (after != null && !from) throw badInput('This cursor is not from this list. Start again without it.');
    const houses = platform.peers.houses.filter((one) => house === null || house === undefined || one.name === house);
    const found = (await Promise.all(houses.map((one) => one.deadLetters(from, size + 1)))).flat();
    // A fact id is a UUIDv7: by id is by age, over all houses. One fact can be dead at two ears.
    found.sort((a, b) => (a.factId < b.factId ? -1 : a.factId > b.factId ? 1 : a.house < b.house ? -1 : 1));
    const page = found.slice(0, size);
    const edges = page.map((row) => ({ node: { ...row, id: row.factId }, cursor: encodeId('DeadLetter', row.factId) }));
    return {
      edges,
      nodes: edges.map((edge) => edge.node),
      pageInfo: {
        hasNextPage: found.length > size,
        hasPreviousPage: after != null,
        startCursor: edges[0]?.cursor ?? null,
        endCursor: edges.at(-1)?.cursor ?? null,
      },
      count: async (): Promise<Count> => {
        const sum = (await Promise.all(houses.map((one) => one.countDeadLetters()))).reduce((a, b) => a + b, 0);
        return { value: sum, precision: CountPrecision.EXACT };
      },
    };
  }

  @Staff('ADMIN')
  @Mutation(() => RedriveDeadLetterPayload, {
    description: 'Hears a dead letter, and all that waits behind it at that ear, again. Safe to repeat.',
  })
  async redriveDeadLetter(
    @Arg('id', () => ID, { description: 'Which dead letter.' }) id: string,
    @Arg('house', () => String, { description: 'At whose ear.' }) house: string,
    @Ctx() { platform }: PlatformContext,
  ) {
    const factId = decodeId('DeadLetter', id);
    const ear = platform.peers.houses.find((one) => one.name === house);
    const heard = factId && ear ? await ear.redrive(factId) : null;
    if (heard !== null) return { heard, errors: [] };
    const { code, message, field } = new Rejection(
      'NOT_FOUND',
      'There is no such dead letter; it may have been heard by now.',
      ['id'],
    );
    return { heard: null, errors: [{ code, message, field }] };
  }
}
