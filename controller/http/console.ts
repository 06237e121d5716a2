import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import express, { type RequestHandler, Router } from 'express';

/**
 * The built console and the page of a board, which is a device and no part of the console: files with a hash in their name for ever, the page itself afresh each time; every other path is
 * the page, which routes by itself.
 * @param board says what the page of a board may load.
 */
export function consoleRouter(board: RequestHandler): Router {
  const root = consoleDirectory();
  const router = Router();
  router.use(
    '/assets',
    express.static(path.join(root, 'assets'), {
      immutable: true,
      maxAge: '365d',
      index: false,
      fallthrough: false,
    }),
  );
  router.get('/board', board, (_request, response) => {
    response.set('Cache-Control', 'no-cache').sendFile(path.join(root, 'board.html'));
  });
  // Asked for anew each time, so that a board learns of a newer page within the hour.
  router.get('/board-worker.js', board, (_request, response) => {
    response.set('Cache-Control', 'no-cache').sendFile(path.join(root, 'board-worker.js'));
  });
  router.use(express.static(root, { index: false, maxAge: '1h' }));
  router.get('/{*path}', (_request, response) => {
    response.set('Cache-Control', 'no-cache').sendFile(path.join(root, 'index.html'));
  });
  return router;
}

/** `dist/web-console`, from the compiled program and from its source alike. */
function consoleDirectory(): string {
  const here = path.dirname(fileURLToPath(import.meta.url));
  const compiled = path.resolve(here, '../../web-console');
  return existsSync(path.join(compiled, 'assets')) ? compiled : path.resolve(here, '../../dist/web-console');
}
