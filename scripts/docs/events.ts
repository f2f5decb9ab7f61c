import type { FactDoc } from './facts.ts';
import { escape, inline, type Page } from './html.ts';
import { titleOf } from './pages.ts';

const heard = ({ heardBy }: FactDoc): string => (heardBy.length === 0 ? 'nobody yet' : heardBy.join(', '));
const personal = (fact: FactDoc): string => (fact.personal.length === 0 ? 'none' : fact.personal.join(', '));

const introduction =
  'A fact is what happened, said by one house in the transaction that made it true, and heard by others at least once, each once. Facts of one key are heard in the order they were said. A *state* fact carries its thing’s version: whoever knows a newer one ignores it. Changes only add; a break is a new name.';

const housesOf = (facts: readonly FactDoc[]): readonly (readonly [string, readonly FactDoc[]])[] => [
  ...Map.groupBy(facts, ({ house }) => house),
];

/** The catalogue as Markdown, for reading it beside the code. */
export function eventsMarkdown(facts: readonly FactDoc[]): string {
  const sections = housesOf(facts).map(([house, said]) => `## ${house}\n\n${said.map(factMarkdown).join('\n')}`);
  return `# The facts

${introduction} Declared in [schema/events](../schema/events); this page is generated from there by \`npm run docs\`.

| fact | heard by | keyed by | kind |
|---|---|---|---|
${facts.map((fact) => `| [${fact.type}](#${fact.type.toLowerCase().replace('.', '')}) | ${heard(fact)} | ${fact.key} | ${fact.kind} |`).join('\n')}

${sections.join('\n')}`;
}

const factMarkdown = (fact: FactDoc): string => `### ${fact.type}

${fact.meaning}

Heard by ${heard(fact)}. Keyed by ${fact.key}. ${titleOf(fact.kind)}. Personal fields: ${personal(fact)}.

\`\`\`ts
${[fact.data, ...fact.parts.map(({ source, meaning }) => `${meaning ? `/** ${meaning} */\n` : ''}${source}`)].join('\n\n')}
\`\`\`

<details><summary>Example</summary>

\`\`\`json
${fact.example}
\`\`\`

</details>
`;

/** The catalogue as a page of the site. */
export function eventsPage(facts: readonly FactDoc[]): Page {
  const rows = facts.map(
    (fact) =>
      `<tr><td><a href="#${fact.type}"><code>${fact.type}</code></a></td><td>${heard(fact)}</td><td>${escape(fact.key)}</td><td>${fact.kind}</td></tr>`,
  );
  return {
    file: 'events.html',
    title: 'Facts',
    summary: 'What the houses tell each other: meaning, who hears, key, personal fields, an example of each.',
    body: `<h1>Facts</h1><p>${inline(introduction)}</p>
<div class="scroll" role="region" aria-label="All facts" tabindex="0"><table><thead><tr><th scope="col">Fact</th><th scope="col">Heard by</th><th scope="col">Keyed by</th><th scope="col">Kind</th></tr></thead><tbody>${rows.join('')}</tbody></table></div>
${housesOf(facts)
  .map(
    ([house, said]) =>
      `<section aria-labelledby="${house}"><h2 id="${house}">${titleOf(house)}</h2>\n${said.map(factArticle).join('\n')}</section>`,
  )
  .join('\n')}`,
    contents: housesOf(facts).map(([house, said]) => ({
      title: titleOf(house),
      places: said.map(({ type }) => ({ href: `#${type}`, title: type.split('.')[1]! })),
    })),
  };
}

const factArticle = (fact: FactDoc): string => `<article id="${fact.type}">
<h3><a class="anchor" href="#${fact.type}" aria-label="Link to ${fact.type}">#</a>${fact.type}</h3>
<p>${inline(fact.meaning)}</p>
<dl><dt>Said by</dt><dd><a href="${fact.house}.html">${fact.house}</a></dd><dt>Heard by</dt><dd>${fact.heardBy.length === 0 ? 'nobody yet' : fact.heardBy.map((house) => `<a href="${house}.html">${house}</a>`).join(', ')}</dd><dt>Keyed by</dt><dd>${escape(fact.key)}</dd><dt>Kind</dt><dd>${fact.kind}</dd><dt>Personal fields</dt><dd>${personal(fact)}</dd></dl>
<pre tabindex="0"><code>${escape([fact.data, ...fact.parts.map(({ source }) => source)].join('\n\n'))}</code></pre>
<details><summary>Example</summary><pre tabindex="0"><code>${escape(fact.example)}</code></pre></details>
</article>`;
