import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import express, { Router } from 'express';

/**
 * The built console: files with a hash in their name for ever, the page itself afresh each time; every other path is
 * the page, which routes by itself.
 */
export function consoleRouter(): Router {
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
