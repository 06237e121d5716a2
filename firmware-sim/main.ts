import { DEVICE_HELP, readDeviceOptions } from './command-line.ts';
import { Device } from './device.ts';
import { lineOf } from './events.ts';
import { saveMemory } from './frugal.ts';
import { runProgram } from './program.ts';
import { firstOn, holdPlug } from './pulled-plug.ts';

const args = process.argv.slice(2);
if (firstOn() === null && asksForPlug()) process.exit(await holdPlug(args, import.meta.url));

await runProgram(DEVICE_HELP, (args) => {
  const options = readDeviceOptions(args);
  if (options === null) return null;
  saveMemory();
  return new Device({
    ...options,
    onEvent: (event) => {
      const line = lineOf(event);
      if (line !== null) process.stdout.write(`${line}\n`);
    },
  });
});

/** Whether its script of faults needs somebody outside: to kill, freeze and start it again. */
function asksForPlug(): boolean {
  try {
    const faults = readDeviceOptions(args)?.faults ?? [];
    return faults.some(({ type }) => type === 'power-cut' || type === 'freeze');
  } catch {
    // Told in a sentence by the program itself.
    return false;
  }
}
