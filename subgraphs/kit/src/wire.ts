/** The router's signed word for who asks. Nobody else's is believed, and a client's own header of this name goes no further. */
export const VIEWER = 'x-souk-viewer';
/** Milliseconds that are left of the request: whoever takes longer works for nobody. */
export const DEADLINE = 'x-souk-deadline';
/** On an answer of a process that is told to stop: ask another one from now on. */
export const DRAINING = 'x-souk-draining';
/** On a 503 of such a process: what was asked was not begun, so whatever it was, it may be asked of another one. */
export const NOT_BEGUN = 'x-souk-not-begun';
