import { createServer } from 'node:net';
import { Aedes } from 'aedes';

/** A stock broker in a process of its own, with none of our rules. Prints its port; ends with its parent. */
const broker = await Aedes.createBroker();
const server = createServer(broker.handle);
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (typeof address === 'object' && address !== null) process.stdout.write(`${address.port}\n`);
});
process.stdin.on('end', () => process.exit(0));
process.stdin.resume();
