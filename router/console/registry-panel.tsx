import type { GraphiQLPlugin } from '@graphiql/react';
import { RegisteredOperationsDocument, type RegisteredOperationsQuery, RetireOperationDocument } from '@souk/admin';
import { useDeferredValue, useId, useState } from 'react';
import { ask, refuseErrors, sentenceOf, useLoaded } from './ask.ts';
import { useOpenOperation } from './open-operation.ts';
import { Ago, Awaited, Confirmed, Copyable, counted, Empty, Panel, Problem } from './panel.tsx';

type Registered = RegisteredOperationsQuery['operations']['nodes'][number];

/** More are searched by the graph itself. */
const MOST_LISTED = 500;

interface Listed {
  readonly operations: readonly Registered[];
  readonly isWhole: boolean;
}

async function listRegistered(retired: boolean): Promise<Listed> {
  const operations: Registered[] = [];
  for (let after: string | null = null; ; ) {
    const filter = retired ? {} : { retired: false };
    const { operations: page }: RegisteredOperationsQuery = await ask(RegisteredOperationsDocument, { filter, after });
    operations.push(...page.nodes);
    after = page.pageInfo.endCursor ?? null;
    if (!page.pageInfo.hasNextPage || after === null) return { operations, isWhole: true };
    if (operations.length >= MOST_LISTED) return { operations, isWhole: false };
  }
}

const fits = ({ name, client, owner, documentId }: Registered, words: readonly string[]): boolean => {
  const text = `${name} ${client} ${owner} ${documentId}`.toLowerCase();
  return words.every((word) => text.includes(word));
};

function RegistryPanel() {
  const [retired, setRetired] = useState(false);
  const [search, setSearch] = useState('');
  const words = useDeferredValue(search).toLowerCase().split(/\s+/).filter(Boolean);
  const loaded = useLoaded(() => listRegistered(retired), String(retired));
  return (
    <Panel
      title="Registry"
      lead="The operations that clients may ask for by their ids: whose they are, what they cost, and when they last ran."
      actions={
        <button type="button" className="quiet" onClick={() => void loaded.reload()}>
          Refresh
        </button>
      }
    >
      <div className="row filters">
        <label className="search">
          <span className="hidden-label">Search by name, client, owner or id</span>
          <input
            type="search"
            placeholder="Name, client, owner or id"
            value={search}
            onChange={(event) => setSearch(event.target.value)}
          />
        </label>
        <label className="check">
          <input type="checkbox" checked={retired} onChange={(event) => setRetired(event.target.checked)} />
          <span>Show retired ones</span>
        </label>
      </div>
      <Awaited loaded={loaded}>
        {({ operations, isWhole }) => {
          const found = operations.filter((one) => fits(one, words));
          if (operations.length === 0) {
            return (
              <Empty title="No operation is registered">
                Clients register theirs with the mutation registerOperations, or bring a manifest with a release.
              </Empty>
            );
          }
          return (
            <>
              <p className="dim" role="status">
                {found.length === operations.length
                  ? counted(found.length, 'operation')
                  : `${found.length} of ${counted(operations.length, 'operation')}`}
                {isWhole ? '' : '; there are more, which the query operations finds'}
              </p>
              <RegistryTable operations={found} reload={loaded.reload} />
            </>
          );
        }}
      </Awaited>
    </Panel>
  );
}

function RegistryTable({ operations, reload }: { operations: readonly Registered[]; reload: () => Promise<void> }) {
  const caption = useId();
  return (
    <table className="registry" aria-labelledby={caption}>
      <caption id={caption} className="hidden-label">
        Registered operations
      </caption>
      <thead>
        <tr>
          <th scope="col">Operation</th>
          <th scope="col">Client and owner</th>
          <th scope="col" className="number">
            Cost
          </th>
          <th scope="col" className="number">
            Uses
          </th>
          <th scope="col">Last use</th>
          <th scope="col">
            <span className="hidden-label">Actions</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {operations.map((one) => (
          <Row key={one.id} operation={one} reload={reload} />
        ))}
      </tbody>
    </table>
  );
}

function Row({ operation, reload }: { operation: Registered; reload: () => Promise<void> }) {
  const open = useOpenOperation();
  const [wrong, setWrong] = useState('');
  const { id, name, type, client, owner, cost, uses, lastUsedAt, retiredAt, body, documentId, scopes } = operation;
  const retire = async () => {
    setWrong('');
    try {
      const { retireOperation } = await ask(RetireOperationDocument, { input: { id } });
      refuseErrors(retireOperation.errors);
      await reload();
    } catch (error) {
      setWrong(sentenceOf(error));
    }
  };
  return (
    <tr className={retiredAt ? 'retired' : ''}>
      <th scope="row">
        <span className="name">{name}</span>
        <span className={`kind ${type.toLowerCase()}`}>{type.toLowerCase()}</span>
        {retiredAt && (
          <span className="kind">
            retired <Ago at={retiredAt} />
          </span>
        )}
        <span className="dim">
          <Copyable value={documentId} short={documentId.slice(0, 12)} what={`the id of ${name}`} />
          {scopes && scopes.length > 0 && ` needs ${scopes.join(', ')}`}
        </span>
        {wrong && <Problem>{wrong}</Problem>}
      </th>
      <td data-label="Client and owner">
        {client} <span className="dim">{owner === client ? '' : owner}</span>
      </td>
      <td data-label="Cost" className="number">
        {cost?.toLocaleString('en') ?? <span className="dim">not yet known</span>}
      </td>
      <td data-label="Uses" className="number">
        {uses.toLocaleString('en')}
      </td>
      <td data-label="Last use">{lastUsedAt ? <Ago at={lastUsedAt} /> : <span className="dim">never</span>}</td>
      <td>
        <div className="row">
          <button type="button" aria-label={`Open ${name} of ${client}`} onClick={() => open(body, '')}>
            Open
          </button>
          {!retiredAt && (
            <Confirmed
              label="Retire"
              question={`Retire ${name}? Within seconds ${client} can no longer ask for it.`}
              yes="Retire it"
              run={() => void retire()}
            />
          )}
        </div>
      </td>
    </tr>
  );
}

function RegistryIcon() {
  return (
    <svg viewBox="0 0 24 24" fill="none" stroke="currentColor" strokeWidth="1.6" aria-hidden="true">
      <rect x="3.8" y="4" width="16.4" height="16" rx="2.5" />
      <path d="M3.8 9.3h16.4M3.8 14.6h16.4M9.3 9.3V20" />
    </svg>
  );
}

export const registryPlugin: GraphiQLPlugin = { title: 'Registry', icon: RegistryIcon, content: RegistryPanel };
