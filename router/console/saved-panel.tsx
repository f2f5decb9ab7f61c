import type { GraphiQLPlugin } from '@graphiql/react';
import { type FormEvent, useState } from 'react';
import { sentenceOf, useLoaded } from './ask.ts';
import { type Handed, linkTo } from './links.ts';
import { nameOf, useOpenOperation, useTyped } from './open-operation.ts';
import { Ago, Awaited, Confirmed, copy, Empty, Panel, Problem } from './panel.tsx';
import { forget, listShared, replaceShared, type SharedOperation, saved, saveHere, share, unshare } from './saved.ts';
import { holdsSecrets } from './secrets.ts';
import { isStaff, session } from './session.ts';
import { useStore } from './store.ts';

function SavedPanel() {
  const staff = isStaff(useStore(session));
  const [changes, setChanges] = useState(0);
  return (
    <Panel
      title="Operations"
      lead="Keep what you will run again: in this browser, or with your colleagues. Headers are never kept, and passwords and tokens are taken out."
    >
      <SaveForm staff={staff} onShared={() => setChanges((count) => count + 1)} />
      <Here />
      {staff && <Shared key={changes} />}
    </Panel>
  );
}

function SaveForm({ staff, onShared }: { staff: boolean; onShared: () => void }) {
  const typed = useTyped();
  const [told, setTold] = useState('');
  const [wrong, setWrong] = useState('');
  const [busy, setBusy] = useState(false);
  const usual = nameOf(typed.query);
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    const field = (name: string) => String(new FormData(form).get(name) ?? '').trim();
    const wanted = { name: field('name') || usual, query: typed.query, variables: typed.variables };
    const isShare = (event.nativeEvent as SubmitEvent).submitter?.getAttribute('value') === 'share';
    setTold('');
    setWrong('');
    setBusy(true);
    try {
      if (isShare) await share(wanted, field('description'), crypto.randomUUID());
      else saveHere(wanted);
      form.reset();
      setTold(`“${wanted.name}” is ${isShare ? 'shared with your colleagues' : 'kept in this browser'}.`);
      if (isShare) onShared();
    } catch (error) {
      setWrong(sentenceOf(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <form className="card save" onSubmit={(event) => void submit(event)} aria-label="Save the open operation">
      <label>
        <span>Name of the open operation</span>
        <input name="name" maxLength={100} autoComplete="off" placeholder={usual || 'Type an operation first'} />
      </label>
      {staff && (
        <label>
          <span>What it is for (when shared)</span>
          <input name="description" maxLength={500} autoComplete="off" placeholder="Optional" />
        </label>
      )}
      {holdsSecrets(typed.query + typed.variables) && (
        <p className="note">A password or token in it will be left out.</p>
      )}
      <div className="row">
        <button type="submit" className="strong" disabled={!typed.query.trim() || busy}>
          Save here
        </button>
        {staff && (
          <button type="submit" value="share" disabled={!typed.query.trim() || busy}>
            Share with staff
          </button>
        )}
        <CopyLink operation={{ name: usual, query: typed.query, variables: typed.variables }} />
      </div>
      {wrong && <Problem>{wrong}</Problem>}
      <p className="told" role="status">
        {told}
      </p>
    </form>
  );
}

function CopyLink({ operation }: { operation: Handed }) {
  const [told, setTold] = useState('');
  const run = async () => {
    try {
      const link = linkTo(operation, `${location.origin}${location.pathname}`);
      setTold((await copy(link)) ? 'Link copied' : 'The browser does not allow copying');
    } catch (error) {
      setTold(sentenceOf(error));
    }
  };
  return (
    <>
      <button type="button" className="quiet" disabled={!operation.query.trim()} onClick={() => void run()}>
        Copy link<span className="hidden-label"> to {operation.name || 'the open operation'}</span>
      </button>
      <span className="told" role="status">
        {told}
      </span>
    </>
  );
}

function Here() {
  const kept = useStore(saved);
  const open = useOpenOperation();
  return (
    <section aria-labelledby="souk-saved-here">
      <h3 id="souk-saved-here">In this browser</h3>
      {kept.length === 0 ? (
        <Empty title="Nothing saved yet">What you save here stays in this browser alone.</Empty>
      ) : (
        <>
          <ul className="cards">
            {kept.map((one) => (
              <li key={one.id} className="card">
                <button type="button" className="open" onClick={() => open(one.query, one.variables)}>
                  <strong>{one.name}</strong>
                  <span className="dim">
                    saved <Ago at={one.savedAt} />
                  </span>
                </button>
                <div className="row">
                  <CopyLink operation={one} />
                  <Confirmed
                    label="Delete"
                    question={`Delete “${one.name}”?`}
                    yes="Delete it"
                    run={() => forget(one.id)}
                  />
                </div>
              </li>
            ))}
          </ul>
          <Export />
        </>
      )}
    </section>
  );
}

/** A file with the names, texts and variables, and nothing else. */
function Export() {
  const run = () => {
    const handed = saved.get().map(({ name, query, variables }): Handed => ({ name, query, variables }));
    const url = URL.createObjectURL(new Blob([JSON.stringify(handed, null, 2)], { type: 'application/json' }));
    const anchor = document.createElement('a');
    anchor.href = url;
    anchor.download = 'souk-operations.json';
    anchor.click();
    URL.revokeObjectURL(url);
  };
  return (
    <button type="button" className="quiet" onClick={run}>
      Download all as a file
    </button>
  );
}

function Shared() {
  const loaded = useLoaded(listShared);
  return (
    <section aria-labelledby="souk-saved-shared">
      <h3 id="souk-saved-shared">
        Shared with staff
        <button type="button" className="quiet" onClick={() => void loaded.reload()}>
          Refresh
        </button>
      </h3>
      <Awaited loaded={loaded}>
        {(operations) =>
          operations.length === 0 ? (
            <Empty title="Nothing shared yet">Share an operation, and all staff find it here.</Empty>
          ) : (
            <ul className="cards">
              {operations.map((one) => (
                <SharedCard key={one.id} operation={one} reload={loaded.reload} />
              ))}
            </ul>
          )
        }
      </Awaited>
    </section>
  );
}

function SharedCard({ operation, reload }: { operation: SharedOperation; reload: () => Promise<void> }) {
  const open = useOpenOperation();
  const typed = useTyped();
  const [wrong, setWrong] = useState('');
  const [busy, setBusy] = useState(false);
  const run = async (work: () => Promise<void>) => {
    setBusy(true);
    setWrong('');
    try {
      await work();
      await reload();
    } catch (error) {
      setWrong(sentenceOf(error));
    } finally {
      setBusy(false);
    }
  };
  const { name, description, body, variables, changeable, updatedAt, updatedBy } = operation;
  return (
    <li className="card">
      <button type="button" className="open" onClick={() => open(body, variables ?? '')}>
        <strong>{name}</strong>
        {description && <span>{description}</span>}
        <span className="dim">
          {updatedBy?.email ? `${updatedBy.email}, ` : ''}
          <Ago at={updatedAt} />
        </span>
      </button>
      <div className="row">
        <CopyLink operation={{ name, query: body, variables: variables ?? '' }} />
        {changeable && (
          <>
            <Confirmed
              label="Replace"
              question={`Replace “${name}” by the open operation?`}
              yes="Replace it"
              disabled={busy || !typed.query.trim()}
              run={() => void run(() => replaceShared(operation, typed))}
            />
            <Confirmed
              label="Delete"
              question={`Delete “${name}” for all staff?`}
              yes="Delete it"
              disabled={busy}
              run={() => void run(() => unshare(operation))}
            />
          </>
        )}
      </div>
      {wrong && <Problem>{wrong}</Problem>}
    </li>
  );
}

function SavedIcon() {
  return (
    <svg viewBox="0 0 24 24" fill="none" stroke="currentColor" strokeWidth="1.6" aria-hidden="true">
      <path d="M6.5 3.5h11v17L12 16.3l-5.5 4.2Z" strokeLinejoin="round" />
      <path d="M9.5 8h5M9.5 11h5" strokeLinecap="round" />
    </svg>
  );
}

export const savedPlugin: GraphiQLPlugin = { title: 'Operations', icon: SavedIcon, content: SavedPanel };
