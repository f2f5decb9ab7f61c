/** Live topics that routers listen to: what a touch of each makes them read again. */
export const OPERATIONS_TOPIC = 'operations';
export const API_KEYS_TOPIC = 'api-keys';
