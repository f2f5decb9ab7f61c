import type { GraphiQLPlugin } from '@graphiql/react';
import { DeadLettersDocument, type DeadLettersQuery, RedriveDeadLetterDocument } from '@souk/admin';
import { useState } from 'react';
import { ask, sentenceOf, useLoaded } from './ask.ts';
import { Ago, Awaited, Copyable, counted, Empty, Panel } from './panel.tsx';
import { type DeadLetter, type Parked, parkedBy } from './parked.ts';

const MOST_LISTED = 500;

interface Listed {
  readonly parked: readonly Parked[];
  readonly listed: number;
  readonly count: number;
}

async function list(): Promise<Listed> {
  const letters: DeadLetter[] = [];
  for (let after: string | null = null; ; ) {
    const { deadLetters }: DeadLettersQuery = await ask(DeadLettersDocument, { after });
    letters.push(...deadLetters.nodes);
    after = deadLetters.pageInfo.endCursor ?? null;
    if (!deadLetters.pageInfo.hasNextPage || after === null || letters.length >= MOST_LISTED) {
      return { parked: parkedBy(letters), listed: letters.length, count: deadLetters.count.value };
    }
  }
}

/** What driving a key again came to. */
interface Outcome {
  readonly state: 'DRIVING' | 'HEARD' | 'FAILED';
  readonly sentence: string;
}

async function redrive({ letters, house }: Parked): Promise<Outcome> {
  try {
    const { redriveDeadLetter } = await ask(RedriveDeadLetterDocument, { input: { id: letters[0]!.id, house } });
    const heard = redriveDeadLetter.heard ?? 0;
    const [error] = redriveDeadLetter.errors;
    const before = heard > 0 ? `${counted(heard, 'fact')} heard. ` : '';
    if (error) return { state: 'FAILED', sentence: `${before}${error.message}` };
    return { state: 'HEARD', sentence: `${counted(heard, 'fact')} heard; nothing of this key waits any more.` };
  } catch (error) {
    return { state: 'FAILED', sentence: sentenceOf(error) };
  }
}

function DeadLettersPanel() {
  const loaded = useLoaded(list);
  const [outcomes, setOutcomes] = useState<ReadonlyMap<string, Outcome>>(new Map());
  const [progress, setProgress] = useState<{ done: number; of: number } | null>(null);
  const note = (id: string, outcome: Outcome) => setOutcomes((known) => new Map(known).set(id, outcome));
  const driveOne = async (parked: Parked): Promise<Outcome> => {
    note(parked.id, { state: 'DRIVING', sentence: `${parked.house} hears again…` });
    const outcome = await redrive(parked);
    note(parked.id, outcome);
    return outcome;
  };
  const drive = async (all: readonly Parked[]) => {
    setOutcomes(new Map());
    setProgress({ done: 0, of: all.length });
    for (const [index, parked] of all.entries()) {
      await driveOne(parked);
      setProgress({ done: index + 1, of: all.length });
    }
    setProgress(null);
    await loaded.reload();
  };
  const told = [...outcomes.values()];
  const gone = told.filter(({ state }) => state === 'HEARD');
  return (
    <Panel
      title="Dead letters"
      lead="Facts that a subgraph could not hear after five tries. Each holds up the later facts of its key there; all other keys flow on. Mend the cause, then drive them again."
      actions={
        <button type="button" className="quiet" disabled={progress !== null} onClick={() => void loaded.reload()}>
          Refresh
        </button>
      }
    >
      {progress && (
        <div className="progress">
          <label>
            <span>
              {progress.done} of {counted(progress.of, 'key')} driven
            </span>
            <progress max={progress.of} value={progress.done} />
          </label>
        </div>
      )}
      <p className="told" role="status">
        {!progress && told.length === 1 && gone[0]?.sentence}
        {!progress && told.length > 1 && `${gone.length} of ${counted(told.length, 'key')} heard again.`}
      </p>
      <Awaited loaded={loaded}>
        {({ parked, listed, count }) =>
          parked.length === 0 ? (
            <Empty title="Nothing waits">Every fact was heard.</Empty>
          ) : (
            <>
              <div className="row between">
                <span className="dim">
                  {counted(count, 'fact')} of {counted(parked.length, 'key')}
                  {listed < count ? ', the oldest of them' : ''}
                </span>
                {parked.length > 1 && (
                  <button
                    type="button"
                    className="strong"
                    disabled={progress !== null}
                    onClick={() => void drive(parked)}
                  >
                    Drive all again
                  </button>
                )}
              </div>
              <ul className="cards">
                {parked.map((one) => (
                  <ParkedKey
                    key={one.id}
                    parked={one}
                    outcome={outcomes.get(one.id)}
                    busy={progress !== null}
                    drive={() => void drive([one])}
                  />
                ))}
              </ul>
            </>
          )
        }
      </Awaited>
    </Panel>
  );
}

function ParkedKey({
  parked: { house, key, letters },
  outcome,
  busy,
  drive,
}: {
  parked: Parked;
  outcome: Outcome | undefined;
  busy: boolean;
  drive: () => void;
}) {
  const [first] = letters;
  if (!first) return null;
  return (
    <li className="card letter">
      <div className="head">
        <strong>{first.type}</strong>
        <span className="chip">{house}</span>
      </div>
      <p>
        {first.error ? (
          <>
            Failed {counted(first.tries, 'time')} with <code>{first.error}</code>
          </>
        ) : (
          `Waits after ${counted(first.tries, 'try', 'tries')}`
        )}
        <span className="dim">
          {' '}
          · since <Ago at={first.parkedAt} />
          {letters.length > 1 && ` · ${counted(letters.length - 1, 'fact')} behind it`}
        </span>
      </p>
      <details>
        <summary>Look at {letters.length === 1 ? 'the fact' : `the ${letters.length} facts`}</summary>
        <p className="dim">
          Key <Copyable value={key} what="key" />
        </p>
        <ol className="log">
          {letters.map((letter) => (
            <li key={letter.id}>
              <span>{letter.type}</span>
              <span className="dim">
                {letter.reason === 'KEY_PARKED' ? 'waits behind the first' : `${counted(letter.tries, 'try', 'tries')}`}
                {letter.error ? `, ${letter.error}` : ''}
              </span>
              <Copyable value={letter.id} what="id of the dead letter" />
            </li>
          ))}
        </ol>
      </details>
      <div className="row">
        <button
          type="button"
          disabled={busy}
          aria-label={`Drive ${first.type} at ${house} again${letters.length > 1 ? `, and ${letters.length - 1} behind it` : ''}`}
          onClick={drive}
        >
          Drive again
        </button>
      </div>
      <p className={outcome ? `outcome ${outcome.state.toLowerCase()}` : 'outcome'} role="status">
        {outcome?.sentence}
      </p>
    </li>
  );
}

function DeadLettersIcon() {
  return (
    <svg viewBox="0 0 24 24" fill="none" stroke="currentColor" strokeWidth="1.6" aria-hidden="true">
      <rect x="3.5" y="5.5" width="17" height="13" rx="2" />
      <path d="M4 7l8 6 8-6M10 15.5l4 0" strokeLinecap="round" strokeLinejoin="round" />
    </svg>
  );
}

export const deadLettersPlugin: GraphiQLPlugin = {
  title: 'Dead letters',
  icon: DeadLettersIcon,
  content: DeadLettersPanel,
};
