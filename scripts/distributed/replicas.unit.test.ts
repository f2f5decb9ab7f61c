import { describe, expect, it } from 'vitest';
import { takeReplicas } from './replicas.ts';

const houses = ['users', 'orders'];
const many = (...words: string[]) => Object.fromEntries(takeReplicas(words).wanted(houses));

describe('how many processes of each subgraph', () => {
  it('is said for all of them, for some, or both; the other words are left', () => {
    expect(many('--replicas', '2')).toEqual({ users: 2, orders: 2 });
    expect(many('--replicas=orders=3,2')).toEqual({ users: 2, orders: 3 });
    expect(many('--replicas', 'router=2', '--replicas', 'users=2')).toEqual({ router: 2, users: 2 });
    expect(takeReplicas(['--port', '4001', '--replicas', '2', '--fresh']).words).toEqual(['--port', '4001', '--fresh']);
    expect(many('--fresh')).toEqual({});
  });

  it.each([[['--replicas']], [['--replicas', '0']], [['--replicas=9']], [['--replicas', 'orders=many']]])(
    'is a number from 1 to 8: %j',
    (words) => {
      expect(() => many(...words)).toThrow('does not say how many processes to start.');
    },
  );

  it('is of a subgraph that there is', () => {
    expect(() => many('--replicas', 'order=2')).toThrow('There is no subgraph "order".');
  });
});
