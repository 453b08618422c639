export * from './define-adapter.ts';
export * from './manifest.ts';
export * from './partner-error.ts';
