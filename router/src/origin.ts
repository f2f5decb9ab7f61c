/** Which web pages may call the graph. Programs send no Origin and are let through: they carry their own token. */
export function originCheck(publicUrl: string, more: string | undefined): (origin: string | undefined) => boolean {
  const allowed = new Set([
    new URL(publicUrl).origin,
    ...(more ?? '')
      .split(',')
      .map((text) => text.trim())
      .filter(Boolean),
  ]);
  return (origin) => origin === undefined || allowed.has(origin);
}
