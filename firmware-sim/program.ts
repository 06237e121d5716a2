import { WrongOption } from './wrong-option.ts';

interface Startable {
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** Runs until SIGTERM or SIGINT, then stops cleanly. A wrong option or a failed start is one sentence. */
export async function runProgram(
  help: string,
  make: (args: readonly string[]) => Startable | null,
): Promise<void> {
  try {
    const program = make(process.argv.slice(2));
    if (program === null) {
      process.stdout.write(help);
      return;
    }
    let stopping = false;
    const stop = (): void => {
      if (stopping) return;
      stopping = true;
      program.stop().then(
        () => process.exit(0),
        (error: unknown) => fail(error, 1),
      );
    };
    process.on('SIGTERM', stop);
    process.on('SIGINT', stop);
    // Run by another program with a channel, such as the demo: when that is gone, however it went, so are we.
    process.on('disconnect', stop);
    // The reader of our lines may be gone first; that is no reason to fall over.
    process.stdout.on('error', () => undefined);
    await program.start();
  } catch (error) {
    fail(error, error instanceof WrongOption ? 2 : 1);
  }
}

function fail(error: unknown, code: number): void {
  const message = error instanceof Error ? error.message : String(error);
  const cause = error instanceof Error && error.cause instanceof Error ? ` (${error.cause.message})` : '';
  process.stderr.write(`${message}${cause}\n`);
  process.exit(code);
}
