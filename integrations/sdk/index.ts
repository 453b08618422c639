export * from './define-adapter.ts';
