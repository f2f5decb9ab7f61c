import { useGraphiQL, useGraphiQLActions } from '@graphiql/react';
import { type Live, lives, stop } from './answers.ts';
import { useStore } from './store.ts';

const told = ({ state, events }: Live): string => {
  if (events === 0) return state === 'ended' ? 'ended' : 'opening…';
  return state === 'ended' ? `ended after ${count(events)}` : `live, ${count(events)}`;
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
    <li className={live.state}>
      <span className="dot" aria-hidden="true" />
      <strong>{live.name}</strong>
      <span className="count">{told(live)}</span>
      <span className="changes" role="status" title={live.changes.join('\n')}>
        {live.changes.join(' · ')}
      </span>
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
      <button type="button" onClick={() => stop(live.tab)} aria-label={`Stop ${live.name}`}>
        {live.state === 'ended' ? 'Dismiss' : 'Stop'}
      </button>
    </li>
  );
}
