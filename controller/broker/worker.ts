import { parentPort, workerData } from 'node:worker_threads';
import { Broker } from './broker.ts';
import type { BrokerSetup, FromBroker, ToBroker } from './thread-messages.ts';

/** The broker's thread: it listens only after it knows who may sign in, so that no device is turned away at boot. */
const port = parentPort;
if (port === null) throw new Error('this file is the start of a worker thread');
const post = (message: FromBroker): void => port.postMessage(message);
const broker = new Broker(workerData as BrokerSetup, post);
const STATS_MS = 1_000;
let statistics: NodeJS.Timeout | undefined;

port.on('message', (message: ToBroker) => {
  switch (message.type) {
    case 'admit':
      for (const admission of message.items) broker.admit(admission);
      break;
    case 'expel':
      broker.expel(message.device);
      break;
    case 'renew':
      broker.renew(message.tls);
      break;
    case 'listen':
      void listen();
      break;
    case 'stop':
      void stop();
      break;
  }
});

async function listen(): Promise<void> {
  try {
    post({ type: 'listening', ...(await broker.listen()) });
    statistics = setInterval(() => post({ type: 'stats', stats: broker.stats() }), STATS_MS);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    post({ type: 'failed', code, message: error instanceof Error ? error.message : String(error) });
  }
}

async function stop(): Promise<void> {
  clearInterval(statistics);
  await broker.stop();
  post({ type: 'stopped' });
  port?.close();
}
