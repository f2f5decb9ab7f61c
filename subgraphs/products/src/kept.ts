/** How long routers may keep what this house tells, unless an edit evicts it sooner: only a bound, for every edit does. */
export const KEPT_SECONDS = 300;
