export * from './auth.ts';
export * from './define-adapter.ts';
export * from './login.ts';
export * from './manifest.ts';
export * from './oauth-facts.ts';
export * from './partner-error.ts';
export * from './scopes.ts';
export * from './webhook.ts';
