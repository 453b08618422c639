import pack from '../../package.json' with { type: 'json' };

/** What `npm start` hands to Node once everything is built: its flags, and the hub's file. */
export const startArgs: readonly string[] = (pack.scripts.start.split('&& node ')[1] ?? '').split(' ');
