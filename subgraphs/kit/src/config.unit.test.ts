import { describe, expect, it } from 'vitest';
import { envExample, readConfig, settings } from './config.ts';

const refusal = (env: Record<string, string>, process?: string): string => {
  try {
    readConfig(env, process);
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('the configuration was accepted');
};

describe('the configuration', () => {
  it('needs nothing in development', () => {
    expect(readConfig({})).toMatchObject({ SOUK_ENV: 'development', SOUK_PORT: 4000, SOUK_POSTGRES_POOL: 48 });
  });
  it('takes an empty variable for an absent one', () => {
    expect(readConfig({ SOUK_PORT: '' }).SOUK_PORT).toBe(4000);
  });
  it('tells every mistake at once, by name and never by value', () => {
    const message = refusal({ SOUK_PORT: 'hunter2', STRIPE_SECRET_KEY: 'hunter2', SOUK_LOG_LEVEL: 'loud' });
    expect(message).toContain('3 mistakes');
    for (const name of ['SOUK_PORT', 'STRIPE_SECRET_KEY', 'SOUK_LOG_LEVEL']) expect(message).toContain(name);
    expect(message).not.toContain('hunter2');
  });
  it('refuses a Stripe key without its webhook secret', () => {
    expect(refusal({ STRIPE_SECRET_KEY: 'sk_test_1' })).toContain('go together');
  });
  it('sends the Stripe key over nothing but https, except to a stand-in on this machine, and never to one in production', () => {
    expect(readConfig({}).STRIPE_API_URL).toBe('https://api.stripe.com');
    expect(readConfig({ STRIPE_API_URL: 'http://127.0.0.1:12111' }).STRIPE_API_URL).toBe('http://127.0.0.1:12111');
    expect(refusal({ STRIPE_API_URL: 'http://stripe.example' })).toContain('STRIPE_API_URL');
    expect(refusal({ SOUK_ENV: 'production', STRIPE_API_URL: 'https://stripe.example' })).toContain('STRIPE_API_URL');
  });
  it('takes a web address alone for the storefront', () => {
    expect(readConfig({}).SOUK_STOREFRONT_URL).toBeUndefined();
    expect(readConfig({ SOUK_STOREFRONT_URL: 'https://shop.example' }).SOUK_STOREFRONT_URL).toBe(
      'https://shop.example',
    );
    expect(refusal({ SOUK_STOREFRONT_URL: 'javascript:alert(1)' })).toContain('SOUK_STOREFRONT_URL');
  });
  it('refuses production on defaults', () => {
    const message = refusal({ SOUK_ENV: 'production' });
    for (const name of [
      'STRIPE_SECRET_KEY',
      'SOUK_JWT_PRIVATE_KEY',
      'SMTP_URL',
      'SOUK_PUBLIC_URL',
      'SOUK_ADMIN_PASSWORD',
    ])
      expect(message).toContain(name);
  });
  it.each([
    ['payments', ['STRIPE_SECRET_KEY', 'SOUK_PUBLIC_URL']],
    ['users', ['SOUK_JWT_PRIVATE_KEY', 'SOUK_ADMIN_PASSWORD', 'SOUK_PUBLIC_URL']],
    ['notifications', ['SMTP_URL', 'SOUK_PUBLIC_URL']],
    ['router', ['SOUK_JWT_PUBLIC_KEY', 'SOUK_PUBLIC_URL']],
    ['carts', ['SOUK_PUBLIC_URL']],
  ])('demands of the process of %s in production what is its own, and no secret of another', (process, demanded) => {
    const message = refusal({ SOUK_ENV: 'production' }, process);
    expect([...message.matchAll(/^ {2}(\w+):/gm)].map(([, name]) => name).sort()).toEqual(demanded.toSorted());
  });
  it('shows every variable in the example file', () => {
    for (const name of Object.keys(settings)) expect(envExample()).toContain(`# ${name}=`);
  });
});
