import markdownIt from 'markdown-it';

// Descriptions come from the code; tags in them are text all the same.
const markdown = markdownIt({ html: false, linkify: false, typographer: false });

export const escape = (text: string): string =>
  text.replace(/[&<>"]/g, (char) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[char]!);

/** A description, as paragraphs. */
export const prose = (text: string): string => (text ? markdown.render(text).trim() : '');

/** A description within a line. */
export const inline = (text: string): string => markdown.renderInline(text);

/** A whole page of Markdown, tables included. */
export const rendered = (text: string): string => markdown.render(text);

export interface Place {
  readonly href: string;
  readonly title: string;
}

export interface Page {
  readonly file: string;
  readonly title: string;
  /** What search engines and the tab tell. */
  readonly summary: string;
  readonly body: string;
  /** What the page has, for the list beside it. */
  readonly contents: readonly { readonly title: string; readonly places: readonly Place[] }[];
}

/** A page with its frame. Works from a folder, without a server and without a network. */
export function framed({ file, title, summary, body, contents }: Page, pages: readonly Place[]): string {
  const link = ({ href, title: name }: Place): string =>
    `<li><a href="${escape(href)}"${href === file ? ' aria-current="page"' : ''}>${escape(name)}</a></li>`;
  const lists = contents
    .filter(({ places }) => places.length > 0)
    .map(({ title: name, places }) => `<h2>${escape(name)}</h2><ul>${places.map(link).join('')}</ul>`)
    .join('');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escape(title)} · Souk schema</title>
<meta name="description" content="${escape(summary)}">
<link rel="stylesheet" href="style.css">
<script src="page.js"></script>
<script src="search.js" defer></script>
</head>
<body>
<a class="skip" href="#main">To the content</a>
<header>
<a class="brand" href="index.html">Souk <span>schema</span></a>
<div class="search" role="search">
<input id="search" type="search" placeholder="Search types and fields" aria-label="Search types and fields" autocomplete="off" spellcheck="false" role="combobox" aria-expanded="false" aria-controls="found" aria-autocomplete="list">
<kbd aria-hidden="true">/</kbd>
<ul id="found" role="listbox" aria-label="Results" hidden></ul>
</div>
<button id="theme" type="button" aria-label="Light or dark">◐</button>
</header>
<div class="columns">
<nav aria-label="Pages">
<details open>
<summary>Contents</summary>
<ul class="pages">${pages.map(link).join('')}</ul>
${lists}
</details>
</nav>
<main id="main" tabindex="-1">
${body.trim()}
</main>
</div>
</body>
</html>
`;
}
