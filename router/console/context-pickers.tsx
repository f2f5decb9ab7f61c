import { useEffect, useState } from 'react';
import { type Channel, listChannels, shopContext } from './context.ts';
import { useStore } from './store.ts';

const unique = (values: string[]) => [...new Set(values)].sort();

/** A language tag in its proper spelling, or an empty text where it is none. */
function canonicalLocale(text: string): string {
  try {
    return Intl.getCanonicalLocales(text.trim())[0] ?? '';
  } catch {
    return '';
  }
}

/** Channel, currency and locale; they apply to everything that is run from here on. */
export function ContextPickers() {
  const context = useStore(shopContext);
  const [channels, setChannels] = useState<Channel[]>([]);
  const [failure, setFailure] = useState('');
  const [attempt, setAttempt] = useState(0);

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new attempt asks again
  useEffect(() => {
    let wanted = true;
    listChannels().then(
      (found) => {
        if (!wanted) return;
        setChannels(found);
        setFailure('');
        const { channel } = shopContext.get();
        // A channel kept from before a fresh start may be gone; sending it would make every call fail.
        if (channel && !found.some((each) => each.code === channel))
          shopContext.set({ channel: '', currency: '', locale: '' });
      },
      (error: unknown) =>
        wanted && setFailure(error instanceof Error ? error.message : 'The channels could not be read.'),
    );
    return () => {
      wanted = false;
    };
  }, [attempt]);

  const chooseChannel = (code: string) => {
    const chosen = channels.find((channel) => channel.code === code);
    shopContext.set({ channel: code, currency: chosen?.currency ?? '', locale: chosen?.defaultLocale ?? '' });
  };

  // A channel sells in one currency, and the graph refuses another: the currency leads to a channel that sells in it.
  const chooseCurrency = (currency: string) => {
    const chosen = channels.find((channel) => channel.code === context.channel);
    if (!currency || chosen?.currency === currency) shopContext.set({ ...context, currency });
    else chooseChannel(channels.find((channel) => channel.currency === currency)?.code ?? '');
  };

  if (failure) {
    return (
      <div className="context">
        <span className="failure" role="alert">
          {failure}
        </span>
        <button type="button" className="quiet" onClick={() => setAttempt(attempt + 1)}>
          Try again
        </button>
      </div>
    );
  }
  return (
    <fieldset className="context">
      <legend className="hidden-label">What you are shopping in</legend>
      <label>
        <span>Channel</span>
        <select value={context.channel} onChange={(event) => chooseChannel(event.target.value)}>
          <option value="">Default</option>
          {channels.map(({ code }) => (
            <option key={code}>{code}</option>
          ))}
        </select>
      </label>
      <label>
        <span>Currency</span>
        <select value={context.currency} onChange={(event) => chooseCurrency(event.target.value)}>
          <option value="">Default</option>
          {unique(channels.map(({ currency }) => currency)).map((currency) => (
            <option key={currency}>{currency}</option>
          ))}
        </select>
      </label>
      <label>
        <span>Locale</span>
        <input
          key={context.locale}
          list="souk-locales"
          defaultValue={context.locale}
          placeholder="Default"
          spellCheck={false}
          autoComplete="off"
          size={7}
          onBlur={(event) => {
            const locale = canonicalLocale(event.target.value);
            event.target.value = locale;
            if (locale !== context.locale) shopContext.set({ ...context, locale });
          }}
          onKeyDown={(event) => event.key === 'Enter' && event.currentTarget.blur()}
        />
        <datalist id="souk-locales">
          {unique(channels.map(({ defaultLocale }) => defaultLocale)).map((locale) => (
            <option key={locale} value={locale} />
          ))}
        </datalist>
      </label>
    </fieldset>
  );
}
