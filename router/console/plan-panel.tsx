import { type GraphiQLPlugin, useGraphiQL } from '@graphiql/react';
import { type CSSProperties, useDeferredValue, useMemo } from 'react';
import type { CostPart } from '../src/admission/cost-parts.ts';
import type { PlanFetch, PlanStep, PlanView } from '../src/plan-view.ts';
import { about } from './about.ts';
import { activities } from './activity.ts';
import { costOfTyped, costsFrom, type TypedCost } from './costs.ts';
import { useTyped } from './open-operation.ts';
import { Copyable, counted, Empty, Panel, Problem } from './panel.tsx';
import { callSizes, hueOf, textOfPlan, usePlan } from './plan.ts';
import { isStaff, session } from './session.ts';
import { useStore } from './store.ts';

/** The cost of what is typed; null while there is none. */
export function useTypedCost(): TypedCost | null {
  const typed = useDeferredValue(useTyped());
  const { query, variables, operationName } = typed;
  const schema = useGraphiQL((state) => state.schema);
  const table = useStore(about)?.costs;
  const costs = useMemo(() => (schema && table ? costsFrom(schema, table) : null), [schema, table]);
  return useMemo(
    () => (schema && costs ? costOfTyped({ query, variables, operationName }, schema, costs) : null),
    [schema, costs, query, variables, operationName],
  );
}

function PlanPanel() {
  const staff = isStaff(useStore(session));
  return (
    <Panel
      title="Plan and cost"
      lead="What the open operation costs and how it will be fetched, as you type. Nothing runs."
    >
      <Cost />
      {staff ? <Plan /> : <p className="note">Staff see here how the operation is fetched, too.</p>}
    </Panel>
  );
}

const shown = (cost: number): string => (Number.isFinite(cost) ? cost.toLocaleString('en') : 'more than can be told');

function Cost() {
  const cost = useTypedCost();
  const limit = useStore(activities).find((one) => one.cost?.limit)?.cost?.limit ?? null;
  if (!cost) {
    return <Empty title="No cost yet">Type an operation, and each field tells what it adds.</Empty>;
  }
  const { requested, parts } = cost;
  return (
    <section aria-labelledby="souk-cost">
      <h3 id="souk-cost">Cost</h3>
      <div className="card total">
        <strong>{shown(requested)}</strong>
        <span>
          at most, taken from your budget when it runs
          {limit !== null && ` of ${limit.toLocaleString('en')}`}. What the answer does not use comes back.
        </span>
        {limit !== null && (
          <meter min={0} max={limit} value={Math.min(limit, requested)} aria-label="Cost of your whole budget" />
        )}
      </div>
      <ul className="parts" aria-label="What each field adds">
        {parts.map((part) => (
          <Part key={part.key} part={part} whole={requested} />
        ))}
      </ul>
    </section>
  );
}

function Part({ part, whole }: { part: CostPart; whole: number }) {
  const { key, weight, times, reason, total, parts } = part;
  const share = { '--share': whole > 0 ? Math.min(1, total / whole) : 0 } as CSSProperties;
  return (
    <li>
      <div className="part" style={share}>
        <code>{key}</code>
        <span className="why">
          {reason && (
            <span className="times">
              ×{times.toLocaleString('en')} <small>{reasonTold(reason)}</small>
            </span>
          )}
          {weight !== 1 && weight !== 0 && <small>each {weight.toLocaleString('en')}</small>}
        </span>
        <strong>{shown(total)}</strong>
      </div>
      {parts.length > 0 && (
        <ul>
          {parts.map((each) => (
            <Part key={each.key} part={each} whole={whole} />
          ))}
        </ul>
      )}
    </li>
  );
}

const reasonTold = (reason: NonNullable<CostPart['reason']>): string => {
  switch (reason.by) {
    case 'ARGUMENT':
      return `as ${reason.name} says`;
    case 'LIST':
      return `as long as ${reason.name}`;
    case 'ASSUMED':
      return 'as the schema assumes';
    case 'USUAL':
      return 'as nothing says how long it is';
  }
};

function Plan() {
  const typed = useTyped();
  const current = useStore(session);
  const schema = useGraphiQL((state) => state.schema);
  const planned = usePlan(typed, schema, current.kind === 'user' ? current.roles.join() : '');
  return (
    <section aria-labelledby="souk-plan">
      <h3 id="souk-plan">
        Plan
        {planned.state === 'PLANNED' && <Copyable value={textOfPlan(planned.plan)} what="the plan" short="Copy" />}
      </h3>
      {planned.state === 'NOTHING' && <Empty title="No plan yet">Type an operation to see how it is fetched.</Empty>}
      {planned.state === 'FAILED' && <Problem>{planned.sentence}</Problem>}
      {planned.state === 'PLANNING' && !planned.plan && <p role="status">Planning…</p>}
      {'plan' in planned && planned.plan && <PlanTree plan={planned.plan} />}
    </section>
  );
}

const colour = (service: string): CSSProperties => ({ '--hue': hueOf(service) }) as CSSProperties;

function PlanTree({ plan }: { plan: PlanView }) {
  const { root, calls, fetches, services, conditions } = plan;
  const sizes = useMemo(() => callSizes(root), [root]);
  if (!root) return <Empty title="Nothing is fetched">The schema alone answers this.</Empty>;
  const saved = fetches - calls;
  return (
    <>
      <p className="summary" role="status">
        <strong>{counted(calls, 'call')}</strong> to {counted(services.length, 'subgraph')}
        {saved > 0 && `, for ${counted(fetches, 'fetch', 'fetches')}: ${saved} go along with another`}
      </p>
      <ul className="legend" aria-label="Subgraphs">
        {services.map((service) => (
          <li key={service.name} className="service" style={colour(service.name)}>
            {service.name} <small>{service.calls}</small>
          </li>
        ))}
      </ul>
      {Object.keys(conditions).length > 0 && (
        <p className="dim">
          Planned with{' '}
          {Object.entries(conditions)
            .map(([name, value]) => `$${name} ${value}`)
            .join(', ')}
          .
        </p>
      )}
      <div className="plan">
        <Step step={root} sizes={sizes} />
      </div>
    </>
  );
}

interface StepProps {
  readonly step: PlanStep;
  readonly sizes: ReadonlyMap<number, number>;
}

function Step({ step, sizes }: StepProps) {
  if (step.kind === 'FETCH') return <Fetch fetch={step} sizes={sizes} />;
  if (step.kind === 'SUBSCRIPTION') {
    return (
      <div className="turns">
        <span className="order">Subscribes to</span>
        <ol>
          <li>
            <Fetch fetch={step.source} sizes={sizes} />
          </li>
          {step.rest && (
            <li>
              <span className="order">then for each event</span>
              <Step step={step.rest} sizes={sizes} />
            </li>
          )}
        </ol>
      </div>
    );
  }
  const isSequence = step.kind === 'SEQUENCE';
  const List = isSequence ? 'ol' : 'ul';
  return (
    <div className={isSequence ? 'turns' : 'turns together'}>
      <span className="order">{isSequence ? 'One after the other' : 'Together'}</span>
      <List>
        {step.steps.map((each, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a plan's steps have no other name
          <li key={index}>
            <Step step={each} sizes={sizes} />
          </li>
        ))}
      </List>
    </div>
  );
}

function Fetch({ fetch, sizes }: { fetch: PlanFetch; sizes: StepProps['sizes'] }) {
  const { service, call, path, needs, asks, variables } = fetch;
  const merged = (sizes.get(call) ?? 1) > 1;
  return (
    <details className={merged ? 'fetch merged' : 'fetch'} style={colour(service)}>
      <summary>
        <span className="service">{service}</span>
        <span className="call">call {call}</span>
        {merged && <span className="along">{sizes.get(call)} fetches in one</span>}
        <code className="path">{path.length > 0 ? path.join(' › ') : 'root'}</code>
      </summary>
      {needs && (
        <>
          <h4>Needs first</h4>
          <pre>{needs}</pre>
        </>
      )}
      <h4>Asks for</h4>
      <pre>{asks}</pre>
      {variables.length > 0 && <p className="dim">With {variables.map((name) => `$${name}`).join(', ')}</p>}
    </details>
  );
}

function PlanIcon() {
  return (
    <svg viewBox="0 0 24 24" fill="none" stroke="currentColor" strokeWidth="1.6" aria-hidden="true">
      <circle cx="5.5" cy="12" r="2.3" />
      <circle cx="18.5" cy="5.5" r="2.3" />
      <circle cx="18.5" cy="18.5" r="2.3" />
      <path d="M7.8 12h3.4c1.6 0 1.8-1 2-2.5.3-2.5 1-4 3-4M11.2 12c1.6 0 1.8 1 2 2.5.3 2.5 1 4 3 4" />
    </svg>
  );
}

export const planPlugin: GraphiQLPlugin = { title: 'Plan and cost', icon: PlanIcon, content: PlanPanel };
