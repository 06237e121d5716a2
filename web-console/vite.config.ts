import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

const controller = process.env.LOA_DEV_CONTROLLER ?? 'http://127.0.0.1:8080';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const { version }: { version: string } = JSON.parse(readFileSync(here('../package.json'), 'utf8'));

/** Tells the board's worker which files the board's page loads, so that it can keep them all. */
function boardFiles(): Plugin {
  return {
    name: 'loa-board-files',
    apply: 'build',
    generateBundle: {
      order: 'post',
      handler(_options, bundle) {
        const files = new Set<string>();
        const take = (name: string): void => {
          const chunk = bundle[name];
          if (chunk === undefined || files.has(name)) return;
          files.add(name);
          if (chunk.type !== 'chunk') return;
          for (const more of [...chunk.imports, ...chunk.dynamicImports]) take(more);
          for (const more of [
            ...(chunk.viteMetadata?.importedCss ?? []),
            ...(chunk.viteMetadata?.importedAssets ?? []),
          ])
            take(more);
        };
        const page = Object.values(bundle).find((one) => one.type === 'chunk' && one.name === 'board');
        const worker = bundle['board-worker.js'];
        if (page === undefined || worker?.type !== 'chunk') this.error('the board has no page or no worker');
        take(page.fileName);
        const paths = [...files].sort().map((name) => `/${name}`);
        const named = createHash('sha256')
          .update(JSON.stringify([version, paths]))
          .digest('hex')
          .slice(0, 16);
        const told = JSON.stringify({ version: named, files: [...paths, '/icon.svg'] });
        if (worker.imports.length > 0 || !worker.code.includes('BOARD_FILES')) {
          this.error('the worker of the board must stand alone, and know its files');
        }
        worker.code = worker.code.replaceAll('BOARD_FILES', `(${told})`);
      },
    },
  };
}

/** The console is a static site: the controller serves `dist/web-console` and answers every unknown path with its page. */
export default defineConfig({
  root: here('.'),
  plugins: [react(), boardFiles()],
  define: { __LOA_VERSION__: JSON.stringify(version) },
  resolve: { conditions: ['loa-source', 'module', 'browser', 'development|production'] },
  // Modules, as a sound worklet wants them.
  worker: { format: 'es' },
  build: {
    outDir: here('../dist/web-console'),
    emptyOutDir: true,
    target: 'es2023',
    manifest: true,
    sourcemap: false,
    chunkSizeWarningLimit: 700,
    rolldownOptions: {
      // The console, the page of a board, and the worker that keeps that page.
      input: {
        index: here('index.html'),
        board: here('board.html'),
        'board-worker': here('board/worker.ts'),
      },
      output: {
        entryFileNames: ({ name }) =>
          name === 'board-worker' ? 'board-worker.js' : 'assets/[name]-[hash].js',
      },
    },
  },
  server: {
    port: 5173,
    proxy: {
      '/api': controller,
      '/device': controller,
      // Not the modules in the folder of that name.
      '^/live/?(\\?.*)?$': { target: controller, ws: true },
      '/mqtt': { target: controller, ws: true },
      '/public': controller,
      '/microphone': { target: controller, ws: true },
    },
  },
});
