import { describe, expect, it } from 'vitest';
import { cleanHtml, textOf } from './html.ts';

describe('a description', () => {
  it.each([
    ['<script>alert(1)</script>Hi', 'Hi'],
    ['<p onclick="alert(1)">Hi</p>', '<p>Hi</p>'],
    ['<img src=x onerror=alert(1)>', ''],
    ['<a href="javascript:alert(1)">x</a>', '<a rel="noopener nofollow">x</a>'],
    ['<a href="JaVaScRiPt&colon;alert(1)">x</a>', '<a rel="noopener nofollow">x</a>'],
    ['<a href="//evil.example">x</a>', '<a rel="noopener nofollow">x</a>'],
    ['<a href="https://souk.example">x</a>', '<a href="https://souk.example" rel="noopener nofollow">x</a>'],
    ['<iframe src="https://evil.example"></iframe>a', 'a'],
    ['<svg><script>alert(1)</script></svg>b', 'b'],
    ['<style>p{}</style><p style="color:red" class="x" id="y">c</p>', '<p>c</p>'],
    ['<h1>Name</h1>', '<h2>Name</h2>'],
    ['<ul><li>one<li>two</ul>', '<ul><li>one</li><li>two</li></ul>'],
    ['<table><tr><td colspan="2">x</td></tr></table>', '<table><tr><td colspan="2">x</td></tr></table>'],
    ['a & b < c', 'a &amp; b &lt; c'],
    ['<p lang="ar" dir="rtl">مرحبا</p>', '<p lang="ar" dir="rtl">مرحبا</p>'],
    ['<noscript><p title="</noscript><img src=x onerror=alert(1)>">', ''],
    ['<math><mtext><style><img src=x onerror=alert(1)></style>', ''],
  ])('%j becomes %j', (html, safe) => {
    const cleaned = cleanHtml(html);
    expect(cleaned).not.toMatch(/<(script|img|iframe|svg|style|math)|onerror=[^"]*>|javascript:/i);
    if (safe !== '') expect(cleaned).toBe(safe);
  });
  it('is clean when it was clean', () => {
    const once = cleanHtml('<h1>x</h1><p>a <b>b</b> <a href="https://a.example" title="t">c</a></p>');
    expect(cleanHtml(once)).toBe(once);
  });
  it('is searched by its words alone', () => {
    expect(textOf('<p>One</p><p>two &amp; <b>three</b></p><ul><li>four</li><li>five</li></ul>')).toBe(
      'One two & three four five',
    );
  });
});
