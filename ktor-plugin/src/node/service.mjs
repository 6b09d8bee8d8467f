// GET /leaf answers with the trace that it is in; GET /call?url=… with that, and with what the URL answers.
import * as Sentry from '@sentry/node';
import http from 'node:http';

const server = http.createServer(async (request, response) => {
  const url = new URL(request.url, 'http://localhost');
  const answer = Sentry.getTraceData();
  if (url.pathname === '/call') {
    answer.answer = await (await fetch(url.searchParams.get('url'))).text();
  }
  response.setHeader('Content-Type', 'application/json');
  response.end(JSON.stringify(answer));
});
server.listen(0, '127.0.0.1', () => console.log(`port ${server.address().port}`));
