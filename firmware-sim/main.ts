import { DEVICE_HELP, readDeviceOptions } from './command-line.ts';
import { Device } from './device.ts';
import { lineOf } from './events.ts';
import { runProgram } from './program.ts';

await runProgram(DEVICE_HELP, (args) => {
  const options = readDeviceOptions(args);
  if (options === null) return null;
  return new Device({
    ...options,
    onEvent: (event) => {
      const line = lineOf(event);
      if (line !== null) process.stdout.write(`${line}\n`);
    },
  });
});
