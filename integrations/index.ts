/** The catalogue: one line per adapter, exported under its id in camelCase. */
export { adapter as github } from './github/adapter.ts';
export { adapter as hubspot } from './hubspot/adapter.ts';
export { adapter as openid } from './openid/adapter.ts';
