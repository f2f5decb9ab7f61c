import type { z } from 'zod';

export interface Setting {
  readonly schema: z.ZodType;
  readonly example: string;
  readonly meaning: string;
  /** The processes of the distributed profile that use it, by subgraph, or `router`: nobody else needs to be told. Unsaid: all. */
  readonly of?: readonly string[];
  /** Why production demands it of those processes. */
  readonly demand?: string;
}

export const setting = <S extends z.ZodType>(
  schema: S,
  example: string,
  meaning: string,
  own: Pick<Setting, 'of' | 'demand'> = {},
): Setting & { readonly schema: S } => ({ schema, example, meaning, ...own });
