const list = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/));

/** Words that cannot name a constant of a module in strict mode, and those that would confuse its reader. */
export const javascriptWords = list(`
  abstract any arguments as async await bigint boolean break case catch class const continue constructor debugger declare
  default delete do else enum eval export extends false finally for from function get global globalthis if implements
  import in infer instanceof interface is keyof let module namespace never new null number object of package private
  process protected prototype public readonly require return satisfies set static string super switch symbol this throw
  true try type typeof undefined unique unknown using var void while with yield`);

/** Words that PostgreSQL 18 does not take as the bare name of a schema or a table (appendix C of its manual). */
export const postgresWords = list(`
  all analyse analyze and any array as asc asymmetric authorization between bigint binary bit boolean both case cast char
  character check coalesce collate collation column concurrently constraint create cross current_catalog current_date
  current_role current_schema current_time current_timestamp current_user dec decimal default deferrable desc distinct do
  else end except exists extract false fetch float for foreign freeze from full grant greatest group grouping having ilike
  in initially inner inout int integer intersect interval into is isnull join json lateral leading least left like limit
  localtime localtimestamp national natural nchar none normalize not notnull null nullif numeric offset on only or order
  out outer overlaps overlay placing position precision primary real references returning right row select session_user
  setof similar smallint some substring symmetric system_user table tablesample then time timestamp to trailing treat trim
  true union unique user using values varchar variadic verbose when where window with xmlattributes xmlconcat`);

/** Words that mean something else here: other packages, schemas, facts' envelopes, drawers for odds and ends. */
export const takenRooms = list(`
  kit schema schemas router routers souk web mobile clients client partner admin console scripts bench docs ext public
  system operations events envelope subgraph subgraphs house houses postgres template0 template1
  util utils helper helpers common misc manager base testing test tests dist migrations
  owned hears parse expect describe it guest staff customer anonymous documents merchandiser act make see list rows running`);

/** Types that a class or an interface of the same name would hide. */
export const globals = list(`
  Array Bigint Boolean Buffer Date Error Function Intl Iterator Map Math Number Object Partial Pick Omit Promise Proxy
  Record Readonly Reflect Regexp Request Response Required Set String Symbol Event Url Window Document Blob File Json`);

/** Names that GraphQL or federation keeps for itself. */
export const graphqlWords = list('Query Mutation Subscription Entity Service Any Int Float Id');

/** Names that the rooms of a house import. */
export const kitWords = list(`
  Arg Args Connection Context Creating Ctx Description Directive Edge Fact Field Hears House Kysely Live Loader Migration
  Mistake Money Mutate Node Page Payload Rejection Resolver Root Row Rule Selectable Staff Topic Transaction Tx Type
  Version Viewer Known Status Channel Outbox Inbox Idempotency Archive Change Checked Create Db Decide Error Errors Example
  After Edges Found Ids Input Length List Name Next Now One Rename Rows Trimmed Answer Watch`);
