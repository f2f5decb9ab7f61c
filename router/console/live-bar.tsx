import { useGraphiQL, useGraphiQLActions } from '@graphiql/react';
import { clear, type Live, lives, pause, resume, stop } from './answers.ts';
import { useStore } from './store.ts';

const told = ({ state, events, held }: Live): string => {
  if (state === 'reconnecting') return `reconnecting after ${count(events)}…`;
  if (events === 0 && state !== 'running') return state === 'ended' ? 'ended' : 'opening…';
  if (state === 'ended') return `ended after ${count(events)}`;
  return held === null ? `live, ${count(events)}` : `paused, ${count(events)}, ${held} not shown`;
};

const count = (events: number) => (events === 1 ? '1 event' : `${events} events`);

/** What runs live, whichever tab is open: paying in one tab is seen in another's line. */
export function LiveBar() {
  const running = useStore(lives);
  if (running.length === 0) return null;
  return (
    <section className="souk-live" aria-label="Live subscriptions">
      <ul>
        {running.map((live) => (
          <Line key={live.tab} live={live} />
        ))}
      </ul>
    </section>
  );
}

function Line({ live }: { live: Live }) {
  const { changeTab } = useGraphiQLActions();
  const { tabs, activeTabIndex } = useGraphiQL((state) => ({ tabs: state.tabs, activeTabIndex: state.activeTabIndex }));
  const index = tabs.findIndex((tab) => tab.id === live.tab);
  return (
    <li className={live.held === null ? live.state : 'paused'}>
      <span className="dot" aria-hidden="true" />
      <strong>{live.name}</strong>
      <span className="count">{told(live)}</span>
      <span className="changes" role="status" title={live.changes.join('\n')}>
        {live.changes.join(' · ')}
      </span>
      {live.eventId && (
        <code className="event-id" title="Id of the last event: a stream goes on after it with the argument after">
          {live.eventId}
        </code>
      )}
      {live.redirect && (
        <a href={live.redirect} target="_blank" rel="noreferrer">
          Open the payment page
        </a>
      )}
      {index >= 0 && index !== activeTabIndex && (
        <button type="button" onClick={() => changeTab(index)}>
          Show
        </button>
      )}
      {live.state !== 'ended' && (
        <button
          type="button"
          aria-label={`${live.held === null ? 'Pause' : 'Resume'} ${live.name}`}
          onClick={() => (live.held === null ? pause(live.tab) : resume(live.tab))}
        >
          {live.held === null ? 'Pause' : 'Resume'}
        </button>
      )}
      <button type="button" onClick={() => clear(live.tab)} aria-label={`Clear ${live.name}`}>
        Clear
      </button>
      <button type="button" onClick={() => stop(live.tab)} aria-label={`Stop ${live.name}`}>
        {live.state === 'ended' ? 'Dismiss' : 'Stop'}
      </button>
    </li>
  );
}
