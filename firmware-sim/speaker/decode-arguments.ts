import type { MediaType } from '#devices/plan';
import { RATE } from './sound-card.ts';

/** What is to be decoded. */
export interface Source {
  /** A whole, verified file of the cache. */
  readonly path: string;
  readonly type: MediaType;
  readonly fromMs: number;
  /** What is left of it after `fromMs`, by the plan. */
  readonly lengthMs: number;
}

const CONTAINER: Partial<Record<Source['type'], string>> = { 'audio/ogg': 'ogg', 'audio/mpeg': 'mp3' };

/**
 * The command that decodes one file to 48 kHz mono s16 on its output. The container is named, so that ffmpeg
 * guesses nothing from the content; only local files may be opened; one thread, since fifty may run.
 */
export function decodeArguments(source: Source): string[] {
  const container = CONTAINER[source.type];
  if (container === undefined) throw new Error(`a speaker cannot decode ${source.type}`);
  const seek = source.fromMs > 0 ? ['-ss', (source.fromMs / 1000).toFixed(6)] : [];
  return [
    ...[
      '-hide_banner',
      '-loglevel',
      'error',
      '-nostdin',
      '-protocol_whitelist',
      'file,pipe',
      '-threads',
      '1',
    ],
    ...seek,
    ...['-f', container, '-i', `file:${source.path}`],
    ...['-map', '0:a:0', '-vn', '-sn', '-dn', '-ac', '1', '-ar', String(RATE), '-f', 's16le', 'pipe:1'],
  ];
}
