// Loaded before everything else, so that the SDK can instrument what follows.
import * as Sentry from '@sentry/node';

Sentry.init({
  dsn: process.env.SENTRY_DSN,
  release: 'node@1',
  environment: 'test',
  tracesSampleRate: Number(process.env.RATE),
});
