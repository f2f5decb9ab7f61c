import sanitizeHtml from 'sanitize-html';
import type { Problems } from './problems.ts';

const HTML_MAX = 100_000;

const rules: sanitizeHtml.IOptions = {
  allowedTags: [
    ...['p', 'br', 'hr', 'h2', 'h3', 'h4', 'h5', 'h6', 'ul', 'ol', 'li', 'dl', 'dt', 'dd', 'blockquote', 'pre', 'code'],
    ...['strong', 'b', 'em', 'i', 'u', 's', 'sub', 'sup', 'small', 'span', 'div', 'a'],
    ...['table', 'caption', 'thead', 'tbody', 'tfoot', 'tr', 'th', 'td'],
  ],
  allowedAttributes: {
    a: ['href', 'title', 'rel'],
    th: ['colspan', 'rowspan', 'scope'],
    td: ['colspan', 'rowspan'],
    '*': ['lang', 'dir'],
  },
  allowedSchemes: ['https', 'http', 'mailto', 'tel'],
  allowProtocolRelative: false,
  nestingLimit: 30,
  // A page has one first heading: the product's name.
  transformTags: { h1: 'h2', a: sanitizeHtml.simpleTransform('a', { rel: 'noopener nofollow' }) },
};

/** Text without script, style, frames, handlers and foreign pictures; what is left is safe to show as HTML. */
export const cleanHtml = (html: string): string => sanitizeHtml(html, rules).trim();

/** A description as written → the safe one, or what is known where it is unsaid or refused. */
export function readHtml(problems: Problems, html: string | null | undefined, known: string): string {
  if (html === undefined) return known;
  if (html === null) return '';
  if (html.length > HTML_MAX) {
    problems.no('INVALID', `A description has at most ${HTML_MAX} characters.`);
    return known;
  }
  return cleanHtml(html.replaceAll('\u0000', ''));
}

/** The words of a description, for the search index. */
export const textOf = (html: string): string =>
  sanitizeHtml(html.replaceAll(/<\/(p|li|h\d|td|th|div)>|<br\s*\/?>/gi, ' $&'), {
    allowedTags: [],
    allowedAttributes: {},
  })
    .replaceAll('&amp;', '&')
    .replaceAll(/&(lt|gt|quot);/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim();
