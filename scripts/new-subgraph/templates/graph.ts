import type { Names } from '../names.ts';

const Sentence = (text: string): string => text[0]!.toUpperCase() + text.slice(1);

export const types = ({
  Thing,
  thing,
  file,
  word,
  one,
}: Names): string => `import { connectionOf, DateTime, IdField, Node, Staff, UserError } from '@souk/kit';
import type { ChannelId, ${Thing}Id } from '@souk/schema';
import { Directive, Field, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import type { ${Thing}Status } from './${file}.ts';

export const ${Thing}StatusEnum: { readonly [S in ${Thing}Status]: S } = { ACTIVE: 'ACTIVE', ARCHIVED: 'ARCHIVED' };
registerEnumType(${Thing}StatusEnum, {
  name: '${Thing}Status',
  description: 'Whether ${one} is in use.',
  valuesConfig: {
    ACTIVE: { description: 'In use; everybody sees it.' },
    ARCHIVED: { description: 'Kept for the record; only staff see it.' },
  },
});

export enum ${Thing}ErrorCode {
  NOT_FOUND = 'NOT_FOUND',
  CONFLICT = 'CONFLICT',
  ALREADY_ARCHIVED = 'ALREADY_ARCHIVED',
  CHANNEL_CLOSED = 'CHANNEL_CLOSED',
  INVALID_NAME = 'INVALID_NAME',
  IDEMPOTENCY_CONFLICT = 'IDEMPOTENCY_CONFLICT',
}
registerEnumType(${Thing}ErrorCode, {
  name: '${Thing}ErrorCode',
  description: 'What can be wrong with a change to ${one}.',
  valuesConfig: {
    NOT_FOUND: { description: 'There is no such ${word}.' },
    CONFLICT: { description: 'It changed since you read it.' },
    ALREADY_ARCHIVED: { description: 'It is archived and stays as it is.' },
    CHANNEL_CLOSED: { description: 'The channel of this request is closed.' },
    INVALID_NAME: { description: 'The name is empty, too long, or not on one line.' },
    IDEMPOTENCY_CONFLICT: { description: 'The idempotency key was used for another request, or has a wrong length.' },
  },
});

/** Platform's, by its id alone. */
@ObjectType('Channel')
@Directive('@key(fields: "id", resolvable: false)')
export class ChannelReference {
  @IdField('Channel')
  id!: ChannelId;
}

@ObjectType('${Thing}', { implements: Node, description: '${Sentence(one)} of one channel.' })
@Directive('@key(fields: "id")')
export class ${Thing}Type {
  @IdField('${Thing}')
  id!: ${Thing}Id;
  @Field(() => String, { description: 'Name for people.' })
  name!: string;
  @Field(() => ${Thing}StatusEnum, { description: 'Whether it is in use.' })
  status!: ${Thing}Status;
  @Staff('MERCHANDISER')
  @Field(() => Int, { nullable: true, description: 'Rises with every change: give it as expectedVersion.' })
  version!: number;
  @Field(() => DateTime, { description: 'When it was made.' })
  createdAt!: Date;
  @Field(() => DateTime, { description: 'When it last changed.' })
  updatedAt!: Date;
}

export const { Connection: ${Thing}Connection } = connectionOf('${Thing}', () => ${Thing}Type);

@ObjectType({ implements: UserError, description: 'A mistake in a change to ${one}.' })
export class ${Thing}Error extends UserError {
  @Field(() => ${Thing}ErrorCode, { description: 'What is wrong.' })
  code!: ${Thing}ErrorCode;
}

@InputType({ description: 'A new ${word}.' })
export class Create${Thing}Input {
  @Field(() => String, { description: 'Name for people, 1 to 100 characters.' })
  name!: string;
  @Field(() => String, {
    nullable: true,
    description: 'Of your choosing, 8 to 200 characters: a repeat under the same key makes nothing new.',
  })
  idempotencyKey?: string | null;
}

@InputType({ description: 'The new name.' })
export class Rename${Thing}Input {
  @Field(() => String, { description: 'Name for people, 1 to 100 characters.' })
  name!: string;
  @Field(() => Int, { nullable: true, description: 'Refuses the change where it has another version by now.' })
  expectedVersion?: number | null;
}

@ObjectType({ description: 'The new ${word}, or why there is none.' })
export class Create${Thing}Payload {
  @Field(() => ${Thing}Type, { nullable: true, description: 'The new ${word}.' })
  ${thing}!: ${Thing}Type | null;
  @Field(() => [${Thing}Error], { description: 'What to correct.' })
  errors!: ${Thing}Error[];
}

@ObjectType({ description: 'The renamed ${word}, or why it kept its name.' })
export class Rename${Thing}Payload {
  @Field(() => ${Thing}Type, { nullable: true, description: 'The renamed ${word}.' })
  ${thing}!: ${Thing}Type | null;
  @Field(() => [${Thing}Error], { description: 'What to correct.' })
  errors!: ${Thing}Error[];
}

@ObjectType({ description: 'The archived ${word}, or why it is none.' })
export class Archive${Thing}Payload {
  @Field(() => ${Thing}Type, { nullable: true, description: 'The archived ${word}.' })
  ${thing}!: ${Thing}Type | null;
  @Field(() => [${Thing}Error], { description: 'What to correct.' })
  errors!: ${Thing}Error[];
}

@ObjectType({ description: '${Sentence(one)} as it is now.' })
export class ${Thing}Event {
  @Field(() => String, { description: 'Give it as \`after\` to go on from here.' })
  eventId!: string;
  @Field(() => ${Thing}Type, { nullable: true, description: 'The ${word}.' })
  ${thing}!: ${Thing}Type | null;
}
`;

export const resolvers = ({
  House,
  Thing,
  thing,
  things,
  Things,
  file,
  word,
  words,
  one,
}: Names): string => `import { type HouseContext, type LiveEvent, PageArgs, requireId, Staff, watch } from '@souk/kit';
import { decodeId, isStaff, type ${Thing}Id } from '@souk/schema';
import type DataLoader from 'dataloader';
import { Arg, Args, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root, Subscription } from 'type-graphql';
import { list${Things}, list${Things}ByIds } from './${file}.repository.ts';
import { archive${Thing}, create${Thing}, rename${Thing}, ${thing}Topic } from './${file}.service.ts';
import type { ${House}Db } from './${file}.tables.ts';
import { maySee, type ${Thing} } from './${file}.ts';
import {
  Archive${Thing}Payload,
  ChannelReference,
  Create${Thing}Input,
  Create${Thing}Payload,
  Rename${Thing}Input,
  Rename${Thing}Payload,
  ${Thing}Connection,
  ${Thing}Event,
  ${Thing}Type,
} from './${file}.types.ts';

export interface ${House}Loaders {
  ${thing}ById: DataLoader<${Thing}Id, ${Thing} | null>;
}
export type ${House}Context = HouseContext<${House}Db, ${House}Loaders>;

/** ${Sentence(one)} as the viewer may see it; what they may not see answers as what does not exist. */
export async function findVisible${Thing}(id: ${Thing}Id, ctx: ${House}Context): Promise<${Thing} | null> {
  const found = await ctx.loaders.${thing}ById.load(id);
  return found && maySee(ctx.viewer, found) ? found : null;
}

@Resolver(() => ${Thing}Type)
export class ${Thing}Resolver {
  @Query(() => ${Thing}Type, { nullable: true, description: 'The ${word} of an id, if there is one that you may see.' })
  ${thing}(@Arg('id', () => ID, { description: 'Which ${word}.' }) id: string, @Ctx() ctx: ${House}Context) {
    const uuid = decodeId('${Thing}', id);
    return uuid && findVisible${Thing}(uuid, ctx);
  }

  @Query(() => ${Thing}Connection, { description: 'The ${words} of the channel that you may see, newest first.' })
  ${things}(@Args(() => PageArgs) page: PageArgs, @Ctx() { db, viewer }: ${House}Context) {
    return list${Things}(db, { channelId: viewer.channel.id, archivedToo: isStaff(viewer) }, page);
  }

  @FieldResolver(() => ChannelReference, { nullable: true, description: 'The channel it belongs to.' })
  channel(@Root() { channelId }: ${Thing}): ChannelReference {
    return { id: channelId };
  }

  @Staff('MERCHANDISER')
  @Mutation(() => Create${Thing}Payload, { description: 'Makes ${one} in the channel of this request.' })
  create${Thing}(
    @Arg('input', () => Create${Thing}Input, { description: 'The new ${word}.' }) input: Create${Thing}Input,
    @Ctx() ctx: ${House}Context,
  ) {
    const channelId = ctx.viewer.channel.id;
    // The channel comes from a header and is part of what was asked for.
    const asked = { ...input, channelId };
    return ctx.mutate(
      'create${Thing}',
      asked,
      (tx) => create${Thing}(tx, channelId, input.name),
      async (id) => ({ ${thing}: await ctx.loaders.${thing}ById.load(id as ${Thing}Id) }),
    );
  }

  @Staff('MERCHANDISER')
  @Mutation(() => Rename${Thing}Payload, { description: 'Gives ${one} another name.' })
  rename${Thing}(
    @Arg('id', () => ID, { description: 'Which ${word}.' }) id: string,
    @Arg('input', () => Rename${Thing}Input, { description: 'The new name.' }) input: Rename${Thing}Input,
    @Ctx() ctx: ${House}Context,
  ) {
    return ctx.mutate(
      'rename${Thing}',
      {},
      (tx) =>
        rename${Thing}(tx, requireId('${Thing}', id, ['id'], '${word}'), input.name, input.expectedVersion ?? null),
      async (renamed) => ({ ${thing}: await ctx.loaders.${thing}ById.load(renamed as ${Thing}Id) }),
    );
  }

  @Staff('MERCHANDISER')
  @Mutation(() => Archive${Thing}Payload, { description: 'Takes ${one} out of use for good.' })
  archive${Thing}(@Arg('id', () => ID, { description: 'Which ${word}.' }) id: string, @Ctx() ctx: ${House}Context) {
    return ctx.mutate(
      'archive${Thing}',
      {},
      (tx) => archive${Thing}(tx, requireId('${Thing}', id, ['id'], '${word}')),
      async (archived) => ({ ${thing}: await ctx.loaders.${thing}ById.load(archived as ${Thing}Id) }),
    );
  }

  @Subscription(() => ${Thing}Event, {
    description: '${Sentence(one)} as it is, then each time it changes. Says nothing of one that you may not see.',
    subscribe: ({ args, context }) => watch${Thing}(args, context as ${House}Context),
  })
  ${thing}Updated(
    @Root() event: LiveEvent<${Thing}>,
    @Arg('id', () => ID, { description: 'Which ${word}.' }) _id: string,
    @Arg('after', () => String, {
      nullable: true,
      description: 'An \`eventId\` seen before: its state is not sent again if nothing is newer.',
    })
    _after: string | null,
  ): ${Thing}Event {
    return { eventId: event.eventId, ${thing}: event.value };
  }
}

function watch${Thing}({ id, after }: { id?: string; after?: string | null }, { db, viewer, platform }: ${House}Context) {
  const uuid = decodeId('${Thing}', id ?? '');
  return watch<${Thing}>({
    live: platform.live,
    topics: uuid ? [${thing}Topic(uuid)] : [],
    after: after ?? null,
    read: async () => {
      const found = uuid ? await list${Things}ByIds(db, [uuid]) : [];
      return found
        .filter((one) => maySee(viewer, one))
        .map((one) => ({ id: one.id, version: one.version, value: one }));
    },
  });
}
`;
