import pg from 'pg';

/**
 * The SQL this process sends to PostgreSQL while `work` runs, BEGIN and COMMIT included. One at a time: what other work
 * sends meanwhile is counted too. `house` counts those of one house's runtime role alone.
 */
export async function statementsOf(work: () => Promise<unknown>, house?: string): Promise<string[]> {
  const sent: string[] = [];
  const prototype = pg.Client.prototype;
  const query = prototype.query;
  const counting = function (this: pg.Client, ...args: unknown[]): unknown {
    const [first] = args;
    if (house === undefined || this.user === `${house}_app`)
      sent.push(typeof first === 'string' ? first : (first as { text: string }).text);
    return Reflect.apply(query, this, args);
  };
  prototype.query = counting as typeof query;
  try {
    await work();
  } finally {
    prototype.query = query;
  }
  return sent;
}
