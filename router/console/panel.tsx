import { type ReactNode, useEffect, useRef, useState } from 'react';
import type { Loaded } from './ask.ts';

/** A panel beside the editor: its title, what it is for in a sentence, and what it holds. */
export function Panel({
  title,
  lead,
  actions,
  children,
}: {
  title: string;
  lead: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
}) {
  return (
    <section className="souk-panel" aria-label={title}>
      <header>
        <h2>{title}</h2>
        {actions && <div className="actions">{actions}</div>}
      </header>
      <p className="lead">{lead}</p>
      {children}
    </section>
  );
}

/** What a list shows in place of nothing. */
export function Empty({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className="empty">
      <svg viewBox="0 0 32 32" aria-hidden="true">
        <path d="M7 26V14.5C7 9 11 5.5 16 3.5c5 2 9 5.5 9 11V26" fill="none" stroke="currentColor" strokeWidth="1.6" />
        <path d="M16 14.5l2.6 3.9L16 22.3l-2.6-3.9Z" fill="currentColor" />
      </svg>
      <p>
        <strong>{title}</strong>
      </p>
      {children && <p>{children}</p>}
    </div>
  );
}

export function Problem({ children, again }: { children: ReactNode; again?: (() => void) | undefined }) {
  return (
    <div className="problem" role="alert">
      <span>{children}</span>
      {again && (
        <button type="button" onClick={again}>
          Try again
        </button>
      )}
    </div>
  );
}

/** What is being loaded, what came of it, or why nothing did. What was there before stays while it is loaded again. */
export function Awaited<T>({
  loaded,
  children,
}: {
  loaded: Loaded<T> & { reload: () => Promise<void> };
  children: (value: T) => ReactNode;
}) {
  const { state, value } = loaded;
  return (
    <>
      {state === 'FAILED' && <Problem again={() => void loaded.reload()}>{loaded.message}</Problem>}
      {value === undefined && state === 'LOADING' && (
        <p className="loading" role="status">
          Loading…
        </p>
      )}
      {value !== undefined && children(value)}
    </>
  );
}

/** A button that does its work only after it was asked once more. */
export function Confirmed({
  label,
  question,
  yes,
  run,
  disabled = false,
}: {
  label: string;
  question: string;
  yes: string;
  run: () => void;
  disabled?: boolean;
}) {
  const [asking, setAsking] = useState(false);
  const no = useRef<HTMLButtonElement>(null);
  const first = useRef<HTMLButtonElement>(null);
  const asked = useRef(false);
  useEffect(() => {
    if (asking) no.current?.focus();
    else if (asked.current) first.current?.focus();
    asked.current = asking;
  }, [asking]);
  if (!asking) {
    return (
      <button ref={first} type="button" disabled={disabled} onClick={() => setAsking(true)}>
        {label}
      </button>
    );
  }
  return (
    <fieldset className="confirm" onKeyDown={(event) => event.key === 'Escape' && setAsking(false)}>
      <legend>{question}</legend>
      <button ref={no} type="button" onClick={() => setAsking(false)}>
        Keep it
      </button>
      <button
        type="button"
        className="danger"
        onClick={() => {
          setAsking(false);
          run();
        }}
      >
        {yes}
      </button>
    </fieldset>
  );
}

/** A value that can be taken along; `what` names it for those who hear it. */
export function Copyable({ value, what, short = value }: { value: string; what: string; short?: string }) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 2_000);
    return () => clearTimeout(timer);
  }, [copied]);
  return (
    <button type="button" className="copyable" title={`Copy ${what}`} onClick={() => void copy(value).then(setCopied)}>
      <span className="hidden-label">Copy {what} </span>
      <code>{short}</code>
      <span className="copied" role="status">
        {copied ? 'Copied' : ''}
      </span>
    </button>
  );
}

/** False where the browser does not let it. */
export async function copy(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });
const whole = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'medium' });

/** How long ago, with the moment itself behind it. */
export function Ago({ at }: { at: string | number }) {
  const date = new Date(at);
  const seconds = Math.round((date.getTime() - Date.now()) / 1_000);
  const [value, unit]: [number, Intl.RelativeTimeFormatUnit] =
    seconds > -60
      ? [Math.min(0, seconds), 'second']
      : seconds > -3_600
        ? [Math.round(seconds / 60), 'minute']
        : seconds > -86_400
          ? [Math.round(seconds / 3_600), 'hour']
          : [Math.round(seconds / 86_400), 'day'];
  return (
    <time dateTime={date.toISOString()} title={whole.format(date)}>
      {relative.format(value, unit)}
    </time>
  );
}

export const counted = (count: number, one: string, many = `${one}s`): string =>
  `${count.toLocaleString('en')} ${count === 1 ? one : many}`;
