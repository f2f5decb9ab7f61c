import type { GraphiQLPlugin } from '@graphiql/react';
import { useMemo, useState } from 'react';
import type { RootField } from '../src/explain.ts';
import { about } from './about.ts';
import { counted, Empty, Panel } from './panel.tsx';
import { isStaff, roleName, type Session, session } from './session.ts';
import { useStore } from './store.ts';

/** What each role is for, as the houses guard it. */
const WORK: Readonly<Record<string, string>> = {
  CUSTOMER: 'Buys: has a cart, orders and addresses of their own.',
  SUPPORT: 'Serves customers: looks at their orders and accounts, cancels and refunds.',
  MERCHANDISER: 'Keeps the catalogue: products, prices, categories, channels.',
  WAREHOUSE: 'Moves goods: stock, warehouses, shipments.',
  FINANCE: 'Sees to money: payments, refunds, taxes.',
  ADMIN: 'May do everything, and gives roles to others.',
};

const KINDS = { query: 'Queries', mutation: 'Mutations', subscription: 'Subscriptions' } as const;

function whoIs(current: Session): { title: string; sentence: string } {
  if (current.kind === 'user') {
    return { title: current.email, sentence: 'You are signed in. Everything you run is run as this account.' };
  }
  if (current.kind === 'guest') {
    return {
      title: 'Guest session',
      sentence: 'You have a cart and orders of your own without an account. What needs one is refused.',
    };
  }
  return { title: 'Nobody in particular', sentence: 'You see what every visitor sees. Sign in at the top for more.' };
}

function AccessPanel() {
  const current = useStore(session);
  const known = useStore(about);
  const { title, sentence } = whoIs(current);
  const roles = current.kind === 'user' ? current.roles : [];
  return (
    <Panel title="Access" lead="Who you are here, and what that lets you see and do.">
      <div className="card person">
        <strong>{title}</strong>
        <span>{sentence}</span>
      </div>
      {roles.length > 0 && (
        <dl className="roles-told">
          {roles.map((role) => (
            <div key={role}>
              <dt>{roleName(role)}</dt>
              <dd>{WORK[role] ?? 'A role of this shop.'}</dd>
            </div>
          ))}
        </dl>
      )}
      <p className="note">
        {isStaff(current)
          ? 'You are shown the whole schema, the admin’s part included; what your roles do not allow is refused when it runs.'
          : 'The admin’s part of the schema is hidden from you: neither the documentation nor the editor names it.'}
      </p>
      {known ? <Roots roots={known.roots} /> : <p role="status">Loading…</p>}
    </Panel>
  );
}

function Roots({ roots }: { roots: readonly RootField[] }) {
  const [search, setSearch] = useState('');
  const refused = useMemo(() => roots.filter(({ may }) => !may), [roots]);
  const found = refused.filter(({ name }) => name.toLowerCase().includes(search.trim().toLowerCase()));
  return (
    <>
      <ul className="measures" aria-label="What you may ask for">
        {(Object.keys(KINDS) as (keyof typeof KINDS)[]).map((kind) => {
          const all = roots.filter((root) => root.kind === kind);
          const may = all.filter((root) => root.may).length;
          return (
            <li key={kind}>
              <strong>
                {may} <small>of {all.length}</small>
              </strong>
              <span>{KINDS[kind]}</span>
              <meter min={0} max={all.length || 1} value={may} aria-label={`${KINDS[kind]} you may ask for`} />
            </li>
          );
        })}
      </ul>
      <h3>What you are shown and may not ask for</h3>
      {refused.length === 0 ? (
        <Empty title="Nothing">You may ask for everything you are shown.</Empty>
      ) : (
        <>
          <label className="search">
            <span className="hidden-label">Search refused fields</span>
            <input
              type="search"
              placeholder={`Search ${counted(refused.length, 'field')}`}
              value={search}
              onChange={(event) => setSearch(event.target.value)}
            />
          </label>
          <ul className="refused">
            {found.map(({ kind, name, needs }) => (
              <li key={`${kind} ${name}`}>
                <code>{name}</code>
                <span className="dim">needs {needs.map(needed).join(' or ') || 'more'}</span>
              </li>
            ))}
          </ul>
          {found.length === 0 && <p role="status">No field is named so.</p>}
        </>
      )}
    </>
  );
}

const needed = (need: string): string => (need === 'SIGNED_IN' ? 'an account' : roleName(need));

function AccessIcon() {
  return (
    <svg viewBox="0 0 24 24" fill="none" stroke="currentColor" strokeWidth="1.6" aria-hidden="true">
      <path d="M12 3.2l7 2.6v5.4c0 4.3-2.9 7.6-7 9.6-4.1-2-7-5.3-7-9.6V5.8Z" strokeLinejoin="round" />
      <path d="M9 12l2.2 2.2L15.2 10" strokeLinecap="round" strokeLinejoin="round" />
    </svg>
  );
}

export const accessPlugin: GraphiQLPlugin = { title: 'Access', icon: AccessIcon, content: AccessPanel };
