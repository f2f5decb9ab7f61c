import { badInput, type Count, CountPrecision, type DeadLetterRow, PageArgs, Staff } from '@souk/kit';
import { decodeId, isUuid } from '@souk/schema';
import { Arg, Args, Ctx, Mutation, Query, Resolver } from 'type-graphql';
import type { PlatformContext } from './channel.resolvers.ts';
import {
  DeadLetter,
  DeadLetterConnection,
  DeadLetterErrorCode,
  RedriveDeadLetterInput,
  RedriveDeadLetterPayload,
} from './dead-letter.types.ts';

const DEFAULT_SIZE = 20;
const MAX_SIZE = 100;

/** One fact can be dead at two ears, so a place in the list is a fact and a house. */
interface Place {
  readonly factId: string;
  readonly house: string;
}

const cursorOf = ({ factId, house }: Place): string => Buffer.from(`${factId}/${house}`).toString('base64url');

function placeOf(cursor: string): Place {
  const [factId = '', house] = Buffer.from(cursor, 'base64url').toString().split('/');
  if (!isUuid(factId) || !house) throw badInput('This cursor is not from this list. Start again without it.');
  return { factId, house };
}

/** A fact id is a UUIDv7: by id is by age, over all houses. */
const byPlace = (a: Place, b: Place): number =>
  a.factId < b.factId ? -1 : a.factId > b.factId ? 1 : a.house < b.house ? -1 : 1;

const asNode = (row: DeadLetterRow): DeadLetter => ({ ...row, id: row.factId });

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
    const from = after == null ? null : placeOf(after);
    const houses = platform.peers.houses.filter((one) => house == null || one.name === house);
    const pages = houses.map((one) =>
      one.deadLetters(from && { factId: from.factId, inclusive: one.name > from.house }, size + 1),
    );
    const found = (await Promise.all(pages)).flat().sort(byPlace);
    const edges = found.slice(0, size).map((row) => ({ node: asNode(row), cursor: cursorOf(row) }));
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
    description:
      'Hears a dead letter, and all that waits behind it at that ear, again, and stops at the first that fails again. Safe to repeat.',
  })
  async redriveDeadLetter(
    @Arg('input', () => RedriveDeadLetterInput, { description: 'Which dead letter.' }) input: RedriveDeadLetterInput,
    @Ctx() { platform }: PlatformContext,
  ): Promise<RedriveDeadLetterPayload> {
    const factId = decodeId('DeadLetter', input.id);
    const ear = platform.peers.houses.find((one) => one.name === input.house);
    const done = factId && ear ? await ear.redrive(factId) : null;
    if (!done) {
      const message = 'There is no such dead letter; it may have been heard by now.';
      const code = DeadLetterErrorCode.NOT_FOUND;
      return { heard: null, deadLetter: null, errors: [{ code, message, field: ['input', ear ? 'id' : 'house'] }] };
    }
    if (!done.failed) return { heard: done.heard, deadLetter: null, errors: [] };
    const { type, house, error, tries } = done.failed;
    const cause = error ? ` with ${error}` : '';
    const message = `The ear of ${house} failed again at ${type}${cause}, try ${tries}. Mend the cause, then drive it again.`;
    return {
      heard: done.heard,
      deadLetter: asNode(done.failed),
      errors: [{ code: DeadLetterErrorCode.FAILED_AGAIN, message, field: ['input', 'id'] }],
    };
  }
}
