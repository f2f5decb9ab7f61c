import { escape, inline, type Page, prose } from './html.ts';
import { type ArgDoc, type MemberDoc, type Reference, rolesOf, type TypeDoc, type TypeKind } from './model.ts';

/** Words of a house's README: what it owns, in a paragraph. */
export type Introductions = ReadonlyMap<string, string>;

const ROOTS = ['Query', 'Mutation', 'Subscription'] as const;
const rootTitles = { Query: 'Queries', Mutation: 'Mutations', Subscription: 'Subscriptions' } as const;
const kindTitles: readonly (readonly [TypeKind, string])[] = [
  ['object', 'Objects'],
  ['interface', 'Interfaces'],
  ['union', 'Unions'],
  ['input', 'Inputs'],
  ['enum', 'Enums'],
  ['scalar', 'Scalars'],
];

export const SHARED = 'shared';

/** Where a type or one of its members is told. */
export function hrefOf({ types }: Reference, coordinate: string): string | null {
  const [type = '', member] = coordinate.split('.');
  const doc = types.get(type);
  if (!doc) return null;
  const field = member ? doc.members.find(({ name }) => name === member) : undefined;
  // A root field stands with its house.
  const isRoot = (ROOTS as readonly string[]).includes(type);
  if (isRoot && !field) return 'index.html';
  const page = isRoot ? (field!.houses[0] ?? SHARED) : (doc.owner ?? SHARED);
  return `${page}.html#${coordinate}`;
}

export const titleOf = (house: string): string => house[0]!.toUpperCase() + house.slice(1);

const sdlOf = (reference: Reference, type: string, named: string): string => {
  const href = hrefOf(reference, named);
  return escape(type).replace(named, href ? `<a href="${escape(href)}">${named}</a>` : named);
};

const coordinateLink = (reference: Reference, coordinate: string): string => {
  const href = hrefOf(reference, coordinate);
  const text = `<code>${escape(coordinate)}</code>`;
  return href ? `<a href="${escape(href)}">${text}</a>` : text;
};

function badges({ guard, isPublic }: MemberDoc, typeIsPublic = true): string {
  const roles = rolesOf(guard);
  const scopes = guard.scopes.map((all) => all.join(' and ')).join(' or ');
  return [
    !isPublic && typeIsPublic ? '<span class="badge staff" title="Not in the public schema">admin</span>' : '',
    roles.length > 0
      ? `<span class="badge guard" title="An app needs the scope ${escape(scopes)}">${roles.join(' · ')}</span>`
      : '',
    guard.signedIn ? '<span class="badge guard">signed in</span>' : '',
    ...guard.policies.map((all) => `<span class="badge guard">policy ${escape(all.join(' and '))}</span>`),
  ].join('');
}

const deprecation = (reason: string | null): string =>
  reason ? `<p class="deprecated"><strong>Deprecated.</strong> ${inline(reason)}</p>` : '';

const valueOf = ({ defaultValue }: ArgDoc): string =>
  defaultValue === null ? '' : ` <span class="default">= ${escape(defaultValue)}</span>`;

function argsOf(reference: Reference, args: readonly ArgDoc[]): string {
  if (args.length === 0) return '';
  const rows = args.map(
    (arg) =>
      `<li><code>${escape(arg.name)}: ${sdlOf(reference, arg.type, arg.named)}${valueOf(arg)}</code> ${inline(arg.description)}${deprecation(arg.deprecated)}</li>`,
  );
  return `<ul class="args">${rows.join('')}</ul>`;
}

function memberOf(reference: Reference, type: TypeDoc, member: MemberDoc): string {
  const id = `${type.name}.${member.name}`;
  const from = member.houses.length === 1 && member.houses[0] !== type.owner && type.owner ? member.houses[0]! : null;
  const signature = member.type ? `: ${sdlOf(reference, member.type, member.named)}${valueOf(member)}` : '';
  return `<li id="${escape(id)}"${member.deprecated ? ' class="old"' : ''}>
<p class="member"><a class="anchor" href="#${escape(id)}" aria-label="Link to ${escape(id)}">#</a><code><b>${escape(member.name)}</b>${signature}</code>${from ? `<a class="badge house" href="${from}.html">${from}</a>` : ''}${badges(member, type.isPublic)}</p>
${prose(member.description)}${deprecation(member.deprecated)}${argsOf(reference, member.args)}</li>`;
}

function typeOf(reference: Reference, type: TypeDoc): string {
  const list = (title: string, names: readonly string[]): string =>
    names.length === 0
      ? ''
      : `<p class="uses"><span>${title}</span> ${names.map((name) => coordinateLink(reference, name)).join(' ')}</p>`;
  const uses =
    type.usedBy.length > 12
      ? `<details class="uses"><summary>Used by ${type.usedBy.length}</summary><p>${type.usedBy.map((name) => coordinateLink(reference, name)).join(' ')}</p></details>`
      : list('Used by', type.usedBy);
  return `<article id="${type.name}">
<h3><a class="anchor" href="#${type.name}" aria-label="Link to ${type.name}">#</a>${type.name} <small>${type.kind}</small>${type.isPublic ? '' : ' <span class="badge staff" title="Not in the public schema">admin</span>'}</h3>
${prose(type.description)}
${list('Implements', type.implements)}${list('May be', type.possible)}
${type.members.length > 0 ? `<ul class="members">${type.members.map((member) => memberOf(reference, type, member)).join('\n')}</ul>` : ''}
${uses}
</article>`;
}

/** A root field with everything that it takes and answers. */
function rootOf(reference: Reference, root: TypeDoc, member: MemberDoc): string {
  const id = `${root.name}.${member.name}`;
  return `<article id="${id}">
<h3><a class="anchor" href="#${id}" aria-label="Link to ${id}">#</a>${escape(member.name)}${badges(member)}</h3>
${prose(member.description)}${deprecation(member.deprecated)}
<p class="answers"><span>Answers</span> <code>${sdlOf(reference, member.type, member.named)}</code></p>
${argsOf(reference, member.args)}
</article>`;
}

const section = (id: string, title: string, parts: readonly string[]): string =>
  parts.length === 0
    ? ''
    : `<section aria-labelledby="${id}"><h2 id="${id}">${title}</h2>\n${parts.join('\n')}</section>`;

/** The page of a house: what it answers, the types it keeps, and its fields on types of others. */
export function housePage(reference: Reference, house: string, introduction: string): Page {
  const all = [...reference.types.values()];
  const roots = ROOTS.flatMap((name) => reference.types.get(name) ?? []).map((root) => ({
    root,
    title: rootTitles[root.name as (typeof ROOTS)[number]],
    fields: root.members.filter(({ houses }) => houses[0] === house),
  }));
  const owned = all.filter(({ name, owner }) => owner === house && !(ROOTS as readonly string[]).includes(name));
  const added = all.flatMap((type) =>
    type.owner && type.owner !== house
      ? type.members
          .filter(({ houses }) => houses.length === 1 && houses[0] === house)
          .map((member) => ({ type, member }))
      : [],
  );
  const kinds = kindTitles.map(([kind, title]) => ({ title, types: owned.filter((type) => type.kind === kind) }));
  return {
    file: `${house}.html`,
    title: titleOf(house),
    summary: `Queries, mutations and types of the subgraph ${house}.`,
    body: [
      `<h1>${titleOf(house)}</h1>${prose(introduction)}`,
      ...roots.map(({ root, title, fields }) =>
        section(
          title.toLowerCase(),
          title,
          fields.map((member) => rootOf(reference, root, member)),
        ),
      ),
      section(
        'elsewhere',
        'Fields on types of others',
        added.length === 0
          ? []
          : [`<ul class="members">${added.map(({ type, member }) => addedOf(reference, type, member)).join('')}</ul>`],
      ),
      ...kinds.map(({ title, types }) =>
        section(
          title.toLowerCase(),
          title,
          types.map((type) => typeOf(reference, type)),
        ),
      ),
    ].join('\n'),
    contents: [
      ...roots.map(({ root, title, fields }) => ({
        title,
        places: fields.map(({ name }) => ({ href: `#${root.name}.${name}`, title: name })),
      })),
      ...kinds.map(({ title, types }) => ({
        title,
        places: types.map(({ name }) => ({ href: `#${name}`, title: name })),
      })),
    ],
  };
}

const addedOf = (reference: Reference, type: TypeDoc, member: MemberDoc): string =>
  `<li><p class="member">${coordinateLink(reference, `${type.name}.${member.name}`)}<code>: ${sdlOf(reference, member.type, member.named)}</code>${badges(member)}</p>${prose(member.description)}</li>`;

/** What several houses have alike: money, pages, errors, scalars. */
export function sharedPage(reference: Reference): Page {
  const shared = [...reference.types.values()].filter(
    ({ name, owner }) => owner === null && !(ROOTS as readonly string[]).includes(name),
  );
  const kinds = kindTitles.map(([kind, title]) => ({ title, types: shared.filter((type) => type.kind === kind) }));
  return {
    file: `${SHARED}.html`,
    title: 'Shared types',
    summary: 'Types that mean the same in every subgraph.',
    body: `<h1>Shared types</h1><p>They mean the same wherever they come from.</p>\n${kinds
      .map(({ title, types }) =>
        section(
          title.toLowerCase(),
          title,
          types.map((type) => typeOf(reference, type)),
        ),
      )
      .join('\n')}`,
    contents: kinds.map(({ title, types }) => ({
      title,
      places: types.map(({ name }) => ({ href: `#${name}`, title: name })),
    })),
  };
}

/** Where one begins: everything that can be asked, by house. */
export function indexPage(reference: Reference, introductions: Introductions): Page {
  const types = [...reference.types.values()];
  const count = (name: string): number => reference.types.get(name)?.members.length ?? 0;
  const cards = reference.houses.map((house) => {
    const fields = ROOTS.flatMap((root) =>
      (reference.types.get(root)?.members ?? [])
        .filter(({ houses }) => houses[0] === house)
        .map(({ name }) => `${root}.${name}`),
    );
    const links = fields.map(
      (coordinate) =>
        `<li><a href="${escape(hrefOf(reference, coordinate)!)}">${escape(coordinate.split('.')[1]!)}</a></li>`,
    );
    return `<section class="card"><h2><a href="${house}.html">${titleOf(house)}</a></h2>${prose(introductions.get(house) ?? '')}<ul class="inline">${links.join('')}</ul></section>`;
  });
  return {
    file: 'index.html',
    title: 'The graph',
    summary: 'The reference of Souk’s graph: every type, field and argument, who owns it and who may ask for it.',
    body: `<h1>The graph</h1>
<p>One endpoint, <code>/graphql</code>, over ${reference.houses.length} subgraphs: ${count('Query')} queries, ${count('Mutation')} mutations,
${count('Subscription')} subscriptions, ${types.filter(({ name }) => !(ROOTS as readonly string[]).includes(name)).length} types. What is marked
<span class="badge staff">admin</span> is shown to staff alone; a role beside a field is one of those that may ask for it. A thing you may not see
answers null, the same as a thing that does not exist. What houses tell each other is in the <a href="events.html">catalogue of facts</a>.</p>
<div class="cards">${cards.join('\n')}</div>`,
    contents: [],
  };
}
