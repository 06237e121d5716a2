import { parseArgs } from 'node:util';
import { readConfig, settingsHelp } from './config/read.ts';
import { startController } from './controller.ts';
import { openDataDirectory } from './data-directory/open.ts';
import { Failure } from './failure.ts';
import { createLog } from './observability/log.ts';
import { VERSION } from './version.ts';

const USAGE = `Loa Phường ${VERSION}: a controller of IP loudspeakers and bulletin boards.

Usage: npm start [-- --help | --version]

Settings come from the environment, each with its default:
${settingsHelp()}
`;

/**
 * The program. What a person is promised goes to standard output; the log, and the one sentence of a start that
 * failed, to standard error. Exit codes: 0 stopped when asked to, 1 could not go on, 2 called wrongly.
 */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { help: { type: 'boolean' }, version: { type: 'boolean' } } });
  if (values.help) return console.log(USAGE);
  if (values.version) return console.log(VERSION);
  const config = readConfig(process.env);
  const log = createLog(config.LOA_LOG_LEVEL);
  const directory = await openDataDirectory(config.LOA_DATA_DIR);
  const controller = await startController(config, directory, log);

  let stopping = false;
  const stop = (why: string): void => {
    if (stopping) return;
    stopping = true;
    log.info({ why }, 'stopping');
    controller.stop().then(
      () => {
        directory.release();
        process.exit(0);
      },
      (error: unknown) => {
        log.error({ err: error }, 'the stop was not clean');
        process.exit(1);
      },
    );
  };
  process.on('SIGINT', () => stop('SIGINT'));
  process.on('SIGTERM', () => stop('SIGTERM'));
  // Started by the demo or a test with a channel: when they are gone, so are we.
  process.on('disconnect', () => stop('the parent is gone'));

  // Last: whoever reads it may ask us to stop at once.
  if (controller.firstAccount !== null) {
    const { username, password } = controller.firstAccount;
    console.log(`first sign-in: ${username} ${password}`);
    console.log('This password is shown only now, and must be changed at the first sign-in.');
  }
  if (controller.mqttPort !== null) console.log(`broker: port ${controller.mqttPort}`);
  console.log(`console: ${controller.url}`);
}

main().catch((error: unknown) => {
  const called =
    error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS');
  if (error instanceof Failure) console.error(error.message);
  else if (called) console.error(`${error.message}. See npm start -- --help.`);
  else console.error(error);
  process.exit(called || (error instanceof Failure && error.code === 'wrong-setting') ? 2 : 1);
});
