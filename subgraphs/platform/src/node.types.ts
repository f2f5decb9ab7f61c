import { IdField, Node } from '@souk/kit';
import type { IdKind } from '@souk/schema';
import { type ClassType, Directive, Field, ObjectType } from 'type-graphql';
import { ChannelType } from './channel.types.ts';

/** The types `node(id:)` can answer with, besides this house's own: the entities that other houses own. */
export const nodeKinds = [
  'User',
  'UserAddress',
  'Product',
  'ProductVariant',
  'Category',
  'Collection',
  'Media',
  'Warehouse',
  'Cart',
  'Order',
  'TaxClass',
  'TaxZone',
  'ShippingZone',
  'ShippingMethod',
  'Payment',
  'Message',
] as const satisfies readonly IdKind[];

function reference(kind: (typeof nodeKinds)[number]): ClassType {
  @ObjectType(kind, { implements: Node })
  @Directive('@key(fields: "id", resolvable: false)')
  class Reference {
    @IdField(kind)
    id!: string;
  }
  return Reference;
}

export const references: readonly ClassType[] = nodeKinds.map(reference);

/** For fields that name a person. */
export const UserReference: ClassType = references[nodeKinds.indexOf('User')]!;

@ObjectType({ description: 'Where and as whom this request is answered.' })
export class RequestContext {
  @Field(() => ChannelType, {
    nullable: true,
    description: 'The channel, from the souk-channel header or the default one.',
  })
  channel!: ChannelType | null;
  @Field(() => String, { description: 'ISO 4217 code of the currency prices are shown in.' })
  currency!: string;
  @Field(() => String, { description: 'Language tag that texts are shown in where they are translated.' })
  locale!: string;
  @Field(() => String, { description: 'anonymous, guest or user.' })
  viewer!: string;
  @Field(() => [String], { description: 'Roles of the viewer.' })
  roles!: readonly string[];
  @Field(() => String, { description: 'Name it when you ask for help.' })
  requestId!: string;
}
