import { type Logger, pino } from 'pino';

/**
 * Structured log, one JSON object a line on standard error; standard output is for what a person was promised there.
 * Secrets are struck out wherever they might slip in (R40).
 */
export function createLog(level: string): Logger {
  return pino(
    {
      level,
      redact: {
        paths: [
          'password',
          'credential',
          'secret',
          '*.password',
          '*.credential',
          '*.secret',
          'headers.cookie',
          'headers.authorization',
        ],
        censor: '[struck out]',
      },
    },
    pino.destination({ fd: 2, sync: true }),
  );
}
