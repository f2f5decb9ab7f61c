import { type FormEvent, useState } from 'react';
import { contextHeaders } from './context.ts';
import { becomeGuest, notice, roleName, type Session, session, signIn, signOut } from './session.ts';
import { useStore } from './store.ts';

function useTask() {
  const [busy, setBusy] = useState(false);
  const run = async (work: () => Promise<void>) => {
    setBusy(true);
    notice.set('');
    try {
      await work();
    } catch (error) {
      notice.set(error instanceof Error ? error.message : 'That did not work.');
    } finally {
      setBusy(false);
    }
  };
  return { busy, run };
}

export function SessionBar() {
  const current = useStore(session);
  return current.kind === 'user' ? <SignedIn user={current} /> : <SignIn current={current} />;
}

function SignedIn({ user }: { user: Extract<Session, { kind: 'user' }> }) {
  const { busy, run } = useTask();
  return (
    <div className="session">
      <span className="who" title={user.email}>
        {user.email}
      </span>
      <ul className="roles" aria-label="Roles">
        {user.roles.map((role) => (
          <li key={role}>{roleName(role)}</li>
        ))}
      </ul>
      <button type="button" className="quiet" disabled={busy} onClick={() => run(signOut)}>
        Sign out
      </button>
    </div>
  );
}

function SignIn({ current }: { current: Session }) {
  const { busy, run } = useTask();
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    void run(() => signIn(String(form.get('email')).trim(), String(form.get('password')), contextHeaders()));
  };
  return (
    <div className="session">
      {current.kind === 'guest' && (
        <ul className="roles" aria-label="Roles">
          <li title={current.guestId}>Guest</li>
        </ul>
      )}
      <form onSubmit={submit} aria-label="Sign in">
        <label>
          <span className="hidden-label">E-mail</span>
          <input name="email" type="email" required autoComplete="username" placeholder="E-mail" disabled={busy} />
        </label>
        <label>
          <span className="hidden-label">Password</span>
          <input
            name="password"
            type="password"
            required
            autoComplete="current-password"
            placeholder="Password"
            disabled={busy}
          />
        </label>
        <button type="submit" className="strong" disabled={busy}>
          Sign in
        </button>
      </form>
      {current.kind === 'guest' ? (
        <button type="button" className="quiet" disabled={busy} onClick={() => run(signOut)}>
          End guest session
        </button>
      ) : (
        <button
          type="button"
          className="quiet"
          disabled={busy}
          onClick={() => run(() => becomeGuest(contextHeaders()))}
        >
          Guest session
        </button>
      )}
    </div>
  );
}
