import type { GraphiQLPlugin } from '@graphiql/react';
import { missingFor, remembered, stories, textOf, variablesOf } from './examples.ts';
import { useOpenOperation } from './open-operation.ts';
import { useStore } from './store.ts';

const AS = { guest: 'guest or customer', customer: 'customer', staff: 'staff' } as const;

function ExamplesPanel() {
  const open = useOpenOperation();
  const known = useStore(remembered);
  return (
    <section className="souk-examples" aria-label="Examples">
      <h2>Examples</h2>
      <p className="lead">
        Follow a story from top to bottom. Each step opens in its own tab with its variables filled in.
      </p>
      {stories.map((story) => (
        <section key={story.title} aria-labelledby={`story-${story.title}`}>
          <h3 id={`story-${story.title}`}>{story.title}</h3>
          <p>{story.explanation}</p>
          <ol>
            {story.examples.map((example) => {
              const missing = missingFor(example, known);
              return (
                <li key={example.file}>
                  <button type="button" onClick={() => open(textOf(example), variablesOf(example))}>
                    <span className="title">
                      {example.title}
                      {example.as && <span className={`as as-${example.as}`}>{AS[example.as]}</span>}
                    </span>
                    <span className="explanation">{example.explanation}</span>
                    {missing.length > 0 && <span className="missing">Run first: {missing.join(', ')}</span>}
                  </button>
                </li>
              );
            })}
          </ol>
        </section>
      ))}
    </section>
  );
}

function ExamplesIcon() {
  return (
    <svg viewBox="0 0 24 24" fill="none" stroke="currentColor" strokeWidth="1.6" aria-hidden="true">
      <path d="M4 20V11.5C4 7 7.5 4.5 12 3c4.5 1.5 8 4 8 8.5V20" strokeLinecap="round" strokeLinejoin="round" />
      <path d="M8.5 12h7M8.5 15.5h7M8.5 19h4.5" strokeLinecap="round" />
    </svg>
  );
}

export const examplesPlugin: GraphiQLPlugin = { title: 'Examples', icon: ExamplesIcon, content: ExamplesPanel };
