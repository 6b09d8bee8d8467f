import * as Sentry from '@sentry/node';

Sentry.init({
  dsn: process.argv[2],
  tracesSampleRate: 1,
  traceLifecycle: 'stream',
  release: 'node-shop@1.0.0',
  environment: 'test',
});

await Sentry.startSpan({ name: 'nightly import', op: 'task' }, async () => {
  await Sentry.startSpan({ name: 'read file', op: 'file.read' }, async () => {});
  await Sentry.startSpan({ name: 'store rows', op: 'db' }, async () => {
    throw new Error('the table is locked');
  }).catch(() => {});
});
await Sentry.close(10_000);
