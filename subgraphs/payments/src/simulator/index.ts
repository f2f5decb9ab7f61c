export { stripeEvents } from '../payment-gateway.stripe.ts';
export { type Simulator, startSimulator } from './simulator.ts';
