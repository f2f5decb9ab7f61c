// Theme and search of the reference pages. Runs from a folder, without a server.
(() => {
  const root = document.documentElement;
  const stored = (() => {
    try {
      return localStorage.getItem('souk-docs-theme');
    } catch {
      return null;
    }
  })();
  if (stored) root.dataset.theme = stored;

  addEventListener('DOMContentLoaded', () => {
    const narrow = matchMedia('(max-width: 55rem)');
    if (narrow.matches) document.querySelector('nav details').open = false;

    document.querySelector('#theme').addEventListener('click', () => {
      const dark = root.dataset.theme ? root.dataset.theme === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
      root.dataset.theme = dark ? 'light' : 'dark';
      try {
        localStorage.setItem('souk-docs-theme', root.dataset.theme);
      } catch {
        // A browser that keeps nothing shows it for this page.
      }
    });

    const box = document.querySelector('#search');
    const list = document.querySelector('#found');
    let chosen = -1;

    // An exact name first, then what begins so, then what has it anywhere; short before long.
    const score = ([name, , , text], wanted) => {
      const lower = name.toLowerCase();
      const last = lower.slice(lower.indexOf('.') + 1);
      if (lower === wanted) return 0;
      if (last === wanted) return 1;
      if (lower.startsWith(wanted)) return 2;
      if (last.startsWith(wanted)) return 3;
      if (lower.includes(wanted)) return 4;
      return text.toLowerCase().includes(wanted) ? 5 : -1;
    };

    function show() {
      const wanted = box.value.trim().toLowerCase();
      chosen = -1;
      list.replaceChildren();
      list.hidden = wanted === '';
      box.setAttribute('aria-expanded', String(!list.hidden));
      box.removeAttribute('aria-activedescendant');
      if (list.hidden) return;
      const hits = (window.soukIndex ?? [])
        .map((row) => ({ row, rank: score(row, wanted) }))
        .filter(({ rank }) => rank >= 0)
        .sort((a, b) => a.rank - b.rank || a.row[0].length - b.row[0].length || (a.row[0] < b.row[0] ? -1 : 1))
        .slice(0, 30);
      for (const [index, { row: [name, kind, href, text] }] of hits.entries()) {
        const item = document.createElement('li');
        item.id = `found-${index}`;
        item.setAttribute('role', 'option');
        item.setAttribute('aria-selected', 'false');
        const link = document.createElement('a');
        link.href = href;
        link.tabIndex = -1;
        const code = document.createElement('code');
        code.textContent = name;
        const more = document.createElement('small');
        more.textContent = ` ${kind}${text ? ` · ${text}` : ''}`;
        link.append(code, more);
        item.append(link);
        list.append(item);
      }
      if (hits.length === 0) {
        const item = document.createElement('li');
        item.className = 'none';
        item.textContent = 'Nothing has this name.';
        list.append(item);
      }
    }

    function choose(step) {
      const items = [...list.querySelectorAll('[role=option]')];
      if (items.length === 0) return;
      items[chosen]?.setAttribute('aria-selected', 'false');
      chosen = (chosen + step + items.length) % items.length;
      items[chosen].setAttribute('aria-selected', 'true');
      items[chosen].scrollIntoView({ block: 'nearest' });
      box.setAttribute('aria-activedescendant', items[chosen].id);
    }

    function close() {
      list.hidden = true;
      box.setAttribute('aria-expanded', 'false');
    }

    box.addEventListener('input', show);
    box.addEventListener('keydown', (event) => {
      if (event.key === 'ArrowDown') choose(1);
      else if (event.key === 'ArrowUp') choose(chosen < 0 ? 0 : -1);
      else if (event.key === 'Escape') close();
      else if (event.key === 'Enter') (list.querySelector('[aria-selected=true] a') ?? list.querySelector('a'))?.click();
      else return;
      event.preventDefault();
    });
    list.addEventListener('click', close);
    addEventListener('click', (event) => {
      if (!event.target.closest('.search')) close();
    });
    addEventListener('keydown', (event) => {
      if (event.key !== '/' || event.target.closest('input, textarea')) return;
      event.preventDefault();
      box.focus();
    });
  });
})();
