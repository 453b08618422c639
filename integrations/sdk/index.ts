export * from './define-adapter.ts';
export * from './login.ts';
export * from './manifest.ts';
export * from './partner-error.ts';
export * from './webhook.ts';
