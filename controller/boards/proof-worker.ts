import { parentPort } from 'node:worker_threads';
import { type ProofTask, proofsOf } from './page-hashes.ts';

/** A thread that draws what boards should show: a page of a large screen takes longer than a request may. */
parentPort?.on('message', (task: ProofTask) => {
  proofsOf(task).then(
    (proofs) => parentPort?.postMessage({ proofs }),
    (error: unknown) =>
      parentPort?.postMessage({ trouble: error instanceof Error ? error.message : String(error) }),
  );
});
