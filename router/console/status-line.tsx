import { useGraphiQL, useGraphiQLActions } from '@graphiql/react';
import { activities } from './activity.ts';
import { TraceLink } from './activity-panel.tsx';
import { Copyable } from './panel.tsx';
import { planPlugin, useTypedCost } from './plan-panel.tsx';
import { useStore } from './store.ts';

/** Below the answer: what the open operation costs as typed, and the names of its last answer. */
export function StatusLine() {
  const { setVisiblePlugin } = useGraphiQLActions();
  const tab = useGraphiQL(({ tabs, activeTabIndex }) => tabs[activeTabIndex]?.id ?? '');
  const cost = useTypedCost();
  const last = useStore(activities).find((one) => one.tab === tab);
  return (
    <div className="souk-status">
      <button type="button" className="cost" onClick={() => setVisiblePlugin(planPlugin)}>
        {cost
          ? `Costs at most ${Number.isFinite(cost.requested) ? cost.requested.toLocaleString('en') : 'too much'}`
          : 'No cost yet'}
      </button>
      {last && (
        <span className="last">
          <span>{Math.round(last.durationMs).toLocaleString('en')} ms</span>
          {last.cost?.actual !== null && last.cost && <span>cost {last.cost.actual}</span>}
          {last.requestId && <Copyable value={last.requestId} short={last.requestId.slice(0, 8)} what="request id" />}
          <TraceLink activity={last} />
        </span>
      )}
    </div>
  );
}
