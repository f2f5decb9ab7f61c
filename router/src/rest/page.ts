import { hash } from 'node:crypto';

type Json = Readonly<Record<string, unknown>>;

interface OpenApi {
  readonly info: { readonly title: string; readonly description: string };
  readonly servers: readonly { readonly url: string }[];
  readonly tags: readonly { readonly name: string; readonly description: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, OpenApiOperation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Json>> };
}

interface OpenApiOperation {
  readonly operationId: string;
  readonly tags: readonly string[];
  readonly summary: string;
  readonly description: string;
  readonly security: readonly Json[];
  readonly parameters: readonly {
    readonly name: string;
    readonly in: string;
    readonly required?: boolean;
    readonly description: string;
    readonly schema: Json;
  }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Json }>> };
  readonly responses: Readonly<
    Record<
      string,
      { readonly description: string; readonly content?: Readonly<Record<string, { readonly schema: Json }>> }
    >
  >;
}

const STYLE = `
:root { color-scheme: light dark; --line: light-dark(#d9dde3, #363b44); --soft: light-dark(#f5f6f8, #1d2026);
  --text: light-dark(#1b1f24, #e4e7eb); --quiet: light-dark(#57606a, #9aa4b0); --link: light-dark(#0b57b8, #7db4ff);
  --get: light-dark(#0b6e3d, #6fd19b); --post: light-dark(#0b57b8, #7db4ff); --put: light-dark(#8a5300, #e8b35f);
  --delete: light-dark(#b1202b, #ff9094); }
* { box-sizing: border-box; }
body { margin: 0; font: 16px/1.55 system-ui, sans-serif; color: var(--text); background: light-dark(#fff, #14161a); }
main { max-width: 60rem; margin: 0 auto; padding: 1.5rem 1rem 4rem; }
h1 { font-size: 1.9rem; margin: 0 0 .5rem; } h2 { margin: 2.5rem 0 .25rem; } h3 { font-size: 1rem; margin: 1.25rem 0 .25rem; }
p { margin: .25rem 0 .75rem; } a { color: var(--link); }
code, .path { font-family: ui-monospace, SFMono-Regular, Menlo, monospace; font-size: .92em; overflow-wrap: anywhere; }
nav ul { list-style: none; padding: 0; display: flex; flex-wrap: wrap; gap: .25rem 1rem; }
details { border: 1px solid var(--line); border-radius: .5rem; margin: .5rem 0; }
summary { padding: .6rem .8rem; cursor: pointer; display: flex; flex-wrap: wrap; gap: .25rem .75rem; align-items: baseline; }
summary::before { content: '▸' / ''; color: var(--quiet); } details[open] > summary::before { content: '▾' / ''; }
summary:hover { background: var(--soft); } summary:focus-visible { outline: 2px solid var(--link); }
details > div { padding: 0 .8rem .8rem; }
.method { font-weight: 700; min-width: 4.2rem; font-size: .85em; letter-spacing: .02em; }
.get { color: var(--get); } .post { color: var(--post); } .put { color: var(--put); } .delete { color: var(--delete); }
.quiet { color: var(--quiet); } .what { flex-basis: 100%; } @media (min-width: 46rem) { .what { flex-basis: auto; margin-left: auto; } }
dl { margin: 0; } dt { margin-top: .5rem; } dd { margin: 0 0 0 1rem; color: var(--quiet); }
.fields { background: var(--soft); border-radius: .4rem; padding: .1rem .8rem .6rem; overflow-x: auto; }
table { border-collapse: collapse; width: 100%; } td, th { text-align: left; padding: .3rem .6rem .3rem 0; vertical-align: top; border-top: 1px solid var(--line); }
`;

/** Nothing runs in the page, and nothing but its own styles is loaded: they are named by their hash. */
export const PAGE_POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${hash('sha256', STYLE, 'base64')}'`,
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const METHODS = ['get', 'post', 'put', 'delete'];

const escaped = (text: unknown): string => String(text).replace(/[&<>"']/g, (one) => `&#${one.charCodeAt(0)};`);

const marked = (text: unknown): string => escaped(text).replace(/`([^`]+)`/g, '<code>$1</code>');

/** The page of an OpenAPI document: readable without scripts, on a phone, in light and dark. */
export function pageOf(document: Json): string {
  const api = document as unknown as OpenApi;
  const { info, servers, tags, paths, components } = api;
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    METHODS.flatMap((method) => (methods[method] ? [{ path, method, operation: methods[method] }] : [])),
  );
  const sections = tags.map(
    ({
      name,
      description,
    }) => `<section id="${escaped(name)}"><h2>${escaped(name)}</h2><p class="quiet">${marked(description)}</p>
${operations
  .filter(({ operation }) => operation.tags.includes(name))
  .map(routeOf)
  .join('\n')}</section>`,
  );
  const problems = problemsOf(components.schemas);
  const schemas = Object.entries(components.schemas).map(
    ([name, schema]) => `<details id="schema-${escaped(name)}"><summary><code>${escaped(name)}</code></summary>
<div>${describedBy(schema)}${fieldsOf(schema)}</div></details>`,
  );
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(info.title)} REST API</title><style>${STYLE}</style></head>
<body><main><h1>${escaped(info.title)} REST API</h1><p>${marked(info.description)}</p>
<p>Base <code>${escaped(servers[0]?.url)}</code> · <a href="openapi.json">OpenAPI 3.1</a></p>
<nav aria-label="Contents"><ul>${[...tags.map(({ name }) => name), 'Problems', 'Schemas'].map((name) => `<li><a href="#${escaped(name)}">${escaped(name)}</a></li>`).join('')}</ul></nav>
${sections.join('\n')}
<section id="Problems"><h2>Problems</h2><p class="quiet">What went wrong comes as <code>application/problem+json</code> (RFC 9457) with one of these codes.</p>${problems}</section>
<section id="Schemas"><h2>Schemas</h2>${schemas.join('\n')}</section>
</main></body></html>
`;
}

function routeOf({ path, method, operation }: { path: string; method: string; operation: OpenApiOperation }): string {
  const body = operation.requestBody?.content['application/json'];
  const open = operation.security.some((one) => Object.keys(one).length === 0);
  return `<details id="${escaped(operation.operationId)}"><summary><span class="method ${method}">${method.toUpperCase()}</span>
<span class="path">${escaped(path)}</span><span class="what quiet">${marked(operation.summary)}</span></summary><div>
<p>${marked(operation.description)} ${open ? 'Anybody may ask.' : 'Needs an access token or an API key.'}</p>
${operation.parameters.length > 0 ? `<h3>Parameters</h3><dl>${operation.parameters.map(parameterOf).join('')}</dl>` : ''}
${body ? `<h3>Body</h3>${fieldsOf(body.schema)}` : ''}
<h3>Answers</h3><dl>${Object.entries(operation.responses).map(responseOf).join('')}</dl>
</div></details>`;
}

const parameterOf = ({
  name,
  in: place,
  required,
  description,
  schema,
}: OpenApiOperation['parameters'][number]): string =>
  `<dt><code>${escaped(name)}</code> <span class="quiet">${escaped(place)}, ${typeOf(schema)}${required ? ', required' : ''}</span></dt><dd>${marked(description)}</dd>`;

function responseOf([status, { description, content }]: [string, OpenApiOperation['responses'][string]]): string {
  const schema = content && Object.values(content)[0]?.schema;
  return `<dt><code>${escaped(status)}</code> ${schema ? typeOf(schema) : ''}</dt><dd>${marked(description)}</dd>`;
}

const describedBy = ({ description }: Json): string => (description ? `<p>${marked(description)}</p>` : '');

/** A schema in a few words; what is described elsewhere is a link. */
function typeOf(schema: Json): string {
  if (typeof schema.$ref === 'string') {
    const name = escaped(schema.$ref.split('/').at(-1));
    return `<a href="#schema-${name}">${name}</a>`;
  }
  if (schema.type === 'array') return `list of ${typeOf(schema.items as Json)}`;
  const among = (schema.anyOf ?? schema.allOf) as readonly Json[] | undefined;
  if (among) {
    const named = among.filter(({ type }) => type !== 'null').map(typeOf);
    return `${named.join(' with ')}${among.length > named.length ? ' or null' : ''}`;
  }
  if (Array.isArray(schema.enum))
    return `one of ${schema.enum.map((value) => `<code>${escaped(value)}</code>`).join(', ')}`;
  if (Array.isArray(schema.type)) return escaped(schema.type.join(' or '));
  return escaped(schema.format ? `${schema.type} (${schema.format})` : (schema.type ?? 'any JSON'));
}

function fieldsOf(schema: Json): string {
  if (!schema.properties) return `<p>${typeOf(schema)}</p>`;
  const required = new Set((schema.required ?? []) as readonly string[]);
  const rows = Object.entries(schema.properties as Record<string, Json>).map(
    ([name, field]) =>
      `<dt><code>${escaped(name)}</code> <span class="quiet">${typeOf(field)}${required.has(name) ? '' : ', optional'}</span></dt>${
        field.description ? `<dd>${marked(field.description)}</dd>` : ''
      }`,
  );
  return `<div class="fields"><dl>${rows.join('')}</dl></div>`;
}

function problemsOf(schemas: OpenApi['components']['schemas']): string {
  const kinds = (schemas.ProblemDetails?.['x-kinds'] ?? []) as readonly {
    code: string;
    status: number;
    title: string;
  }[];
  const rows = kinds.map(
    ({ code, status, title }) =>
      `<tr id="${escaped(code)}"><td><code>${escaped(code)}</code></td><td>${status}</td><td>${escaped(title)}</td></tr>`,
  );
  return `<table><thead><tr><th scope="col">Code</th><th scope="col">Status</th><th scope="col">Meaning</th></tr></thead><tbody>${rows.join('')}</tbody></table>`;
}
