/** The router's signed word for who asks. Nobody else's is believed, and a client's own header of this name goes no further. */
export const VIEWER = 'x-souk-viewer';
/** Milliseconds that are left of the request: whoever takes longer works for nobody. */
export const DEADLINE = 'x-souk-deadline';
