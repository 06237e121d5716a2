import { createRequire } from 'node:module';
import { z } from 'zod';

const require = createRequire(import.meta.url);

/** From `package.json`, which is the program's directory's own, or the one above `dist/`. */
export const VERSION: string = z
  .object({ version: z.string() })
  .parse(require(import.meta.url.endsWith('.ts') ? '../package.json' : '../../package.json')).version;
