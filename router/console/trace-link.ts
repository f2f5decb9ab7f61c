/** The names under which traces and logs know a run. */
export interface Named {
  readonly traceId: string;
  readonly requestId: string;
}

/** The address at which a trace is seen, by the template the router was given; null where it was given none. */
export function traceLink(template: string | null, { traceId, requestId }: Named): string | null {
  if (!template) return null;
  const filled = template
    .replaceAll('{traceId}', encodeURIComponent(traceId))
    .replaceAll('{requestId}', encodeURIComponent(requestId));
  return /^https?:\/\//.test(filled) ? filled : null;
}
