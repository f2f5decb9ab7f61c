import type { Toy } from '../executor/federation.testing.ts';
import { anybody } from '../executor/federation.testing.ts';
import { type RouterContext, routerContext } from '../upstream.ts';

const CACHE_CONTROL = `
  extend schema @link(url: "https://specs.souk.example/cacheControl/v1.0", import: ["@cacheControl"])
    @federation__composeDirective(name: "@cacheControl")
  directive @cacheControl(maxAge: Int, scope: cacheControl__Scope, inheritMaxAge: Boolean) on FIELD_DEFINITION | OBJECT | INTERFACE | UNION
  enum cacheControl__Scope { PUBLIC PRIVATE }\n`;

/** A toy whose SDL may say @cacheControl. */
export const caching = ({ sdl, ...toy }: Toy): Toy => ({ ...toy, sdl: CACHE_CONTROL + sdl });

/** Somebody of whom nothing is known but what is said. */
export function somebody(more: Partial<RouterContext['viewer']> = {}): RouterContext {
  return routerContext({ ...anybody().viewer, principal: 'anonymous', ...more });
}
