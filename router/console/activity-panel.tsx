import { type GraphiQLPlugin, useGraphiQL, useGraphiQLActions } from '@graphiql/react';
import { about } from './about.ts';
import { type Activity, activities } from './activity.ts';
import { clear, type Live, lives, pause, resume, stop } from './answers.ts';
import { Ago, Copyable, counted, Empty, Panel } from './panel.tsx';
import { useStore } from './store.ts';
import { type Named, traceLink } from './trace-link.ts';

function ActivityPanel() {
  const running = useStore(lives);
  const past = useStore(activities);
  return (
    <Panel
      title="Activity"
      lead="What runs live, and what was answered in this browser tab. Name the request id when you ask for help."
    >
      <section aria-labelledby="souk-running">
        <h3 id="souk-running">Subscriptions</h3>
        {running.length === 0 ? (
          <Empty title="Nothing runs live">Run a subscription, and it goes on here whichever tab is open.</Empty>
        ) : (
          <ul className="cards">
            {running.map((live) => (
              <Stream key={live.tab} live={live} />
            ))}
          </ul>
        )}
      </section>
      <section aria-labelledby="souk-past">
        <h3 id="souk-past">
          Answers
          {past.length > 0 && (
            <button type="button" className="quiet" onClick={() => activities.set([])}>
              Clear
            </button>
          )}
        </h3>
        {past.length === 0 ? (
          <Empty title="Nothing was run yet">Each answer is listed here with its request id and its trace.</Empty>
        ) : (
          <ol className="cards">
            {past.map((one) => (
              <Answer key={`${one.traceId}`} activity={one} />
            ))}
          </ol>
        )}
      </section>
    </Panel>
  );
}

const STATES: Readonly<Record<Live['state'], string>> = {
  opening: 'Opening…',
  running: 'Live',
  reconnecting: 'Reconnecting…',
  ended: 'Ended',
};

function Stream({ live }: { live: Live }) {
  const { changeTab } = useGraphiQLActions();
  const { tabs, activeTabIndex } = useGraphiQL((state) => ({ tabs: state.tabs, activeTabIndex: state.activeTabIndex }));
  const index = tabs.findIndex((tab) => tab.id === live.tab);
  const { name, state, held, events, eventId, log, failure, tab } = live;
  return (
    <li className={`card stream ${state}`}>
      <div className="head">
        <span className="dot" aria-hidden="true" />
        <strong>{name}</strong>
        <span className="state" role="status">
          {held === null || state === 'ended' ? STATES[state] : 'Paused'}
        </span>
      </div>
      <p className="dim">
        {counted(events, 'event')}
        {held ? `, ${held.toLocaleString('en')} since it was paused` : ''}
        {eventId && (
          <>
            {' · last '}
            <Copyable value={eventId} what="event id" />
          </>
        )}
      </p>
      {failure && <p className="note">{failure}</p>}
      <div className="row">
        {state !== 'ended' && (
          <button
            type="button"
            aria-label={`${held === null ? 'Pause' : 'Resume'} ${name}`}
            onClick={() => (held === null ? pause(tab) : resume(tab))}
          >
            {held === null ? 'Pause' : 'Resume'}
          </button>
        )}
        <button type="button" aria-label={`Clear ${name}`} onClick={() => clear(tab)}>
          Clear
        </button>
        {index >= 0 && index !== activeTabIndex && (
          <button type="button" aria-label={`Show ${name}`} onClick={() => changeTab(index)}>
            Show
          </button>
        )}
        <button type="button" aria-label={`End ${name}`} onClick={() => stop(tab)}>
          {state === 'ended' ? 'Dismiss' : 'End'}
        </button>
      </div>
      {log.length > 0 && (
        <details>
          <summary>The last {counted(log.length, 'event')}</summary>
          <ol className="log" reversed start={log[0]!.number}>
            {log.map((event) => (
              <li key={event.number} value={event.number}>
                <span>
                  {event.changes.join(' · ') || (event.number === 1 ? 'As it stood' : 'Nothing you selected changed')}
                </span>
                <span className="dim">
                  <Ago at={event.at} />
                  {event.eventId && <code>{event.eventId}</code>}
                </span>
              </li>
            ))}
          </ol>
        </details>
      )}
    </li>
  );
}

function Answer({ activity }: { activity: Activity }) {
  const { name, at, durationMs, requestId, traceId, codes, degraded, cost } = activity;
  return (
    <li className={codes.length > 0 ? 'card answer failed' : 'card answer'}>
      <div className="head">
        <strong>{name}</strong>
        <span className="dim">
          {Math.round(durationMs).toLocaleString('en')} ms · <Ago at={at} />
        </span>
      </div>
      {(codes.length > 0 || degraded.length > 0) && (
        <p className="codes">
          {codes.map((code) => (
            <code key={code}>{code}</code>
          ))}
          {degraded.length > 0 && <span>Missing: {degraded.join(', ')}</span>}
        </p>
      )}
      {cost && (
        <p className="dim">
          Cost {cost.actual ?? cost.requested} of {cost.requested} asked for
          {cost.available !== null && cost.limit !== null && `; ${cost.available} of ${cost.limit} left`}
        </p>
      )}
      <dl className="ids">
        <div>
          <dt>Request</dt>
          <dd>{requestId ? <Copyable value={requestId} what="request id" /> : 'none'}</dd>
        </div>
        <div>
          <dt>Trace</dt>
          <dd>
            <Copyable value={traceId} what="trace id" />
            <TraceLink activity={{ traceId, requestId }} />
          </dd>
        </div>
      </dl>
    </li>
  );
}

/** A link where the router was told of a place that shows traces; else nothing. */
export function TraceLink({ activity }: { activity: Named }) {
  const href = traceLink(useStore(about)?.traceUrl ?? null, activity);
  if (!href) return null;
  return (
    <a href={href} target="_blank" rel="noreferrer">
      Open the trace
    </a>
  );
}

function ActivityIcon() {
  return (
    <svg viewBox="0 0 24 24" fill="none" stroke="currentColor" strokeWidth="1.6" aria-hidden="true">
      <path d="M3 12.5h4l2.5-7 4.5 13 2.5-6H21" strokeLinecap="round" strokeLinejoin="round" />
    </svg>
  );
}

export const activityPlugin: GraphiQLPlugin = { title: 'Activity', icon: ActivityIcon, content: ActivityPanel };
