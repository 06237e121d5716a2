import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const controller = process.env.LOA_DEV_CONTROLLER ?? 'http://127.0.0.1:8080';

/** The console is a static site: the controller serves `dist/web-console` and answers every unknown path with its page. */
export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  plugins: [react()],
  resolve: { conditions: ['loa-source', 'module', 'browser', 'development|production'] },
  // Modules, as a sound worklet wants them.
  worker: { format: 'es' },
  build: {
    outDir: fileURLToPath(new URL('../dist/web-console', import.meta.url)),
    emptyOutDir: true,
    target: 'es2023',
    manifest: true,
    sourcemap: false,
    chunkSizeWarningLimit: 700,
  },
  server: {
    port: 5173,
    proxy: {
      '/api': controller,
      '/device': controller,
      '/live': { target: controller, ws: true },
      '/microphone': { target: controller, ws: true },
    },
  },
});
