import { Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Play } from '../http/contract/plays.ts';
import { BYTE_ORDER_MARK, csvLine } from './csv.ts';
import type { CsvWords } from './csv-words.ts';
import type { PlayFilter, PlayQuery } from './play-query.ts';

const PAGE = 1_000;

interface Manner {
  readonly words: CsvWords;
  /** Of the site: dates and times are those of its wall clock. */
  readonly zone: string;
}

/**
 * Writes the lines of the log to a stream, a page of them at a time, as fast as it is read. Ends early, and quietly,
 * when the reader goes away.
 */
export async function exportPlays(
  query: PlayQuery,
  filter: PlayFilter,
  out: Writable,
  manner: Manner,
): Promise<void> {
  try {
    await pipeline(Readable.from(pages(query, filter, manner), { highWaterMark: 1 }), out);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ERR_STREAM_PREMATURE_CLOSE'))
      throw error;
  }
}

function* pages(query: PlayQuery, filter: PlayFilter, { words, zone }: Manner): Generator<string> {
  const wall = wallClock(zone, words);
  yield BYTE_ORDER_MARK + csvLine(words.columns, words.separator);
  let after: string | null = null;
  do {
    const { items, next } = query.page(filter, PAGE, after);
    if (items.length > 0) {
      yield items.map((play) => csvLine(fieldsOf(play, words, wall), words.separator)).join('');
    }
    after = next;
  } while (after !== null);
}

interface WallClock {
  date(at: number): string;
  time(at: number): string;
}

function fieldsOf(play: Play, words: CsvWords, wall: WallClock): (string | number | null)[] {
  return [
    wall.date(play.startAt),
    wall.time(play.startAt),
    play.title,
    play.deviceName,
    play.deviceId,
    play.areaName,
    words.priorities[play.priority],
    words.verdicts[play.verdict],
    play.reason === null ? null : (words.reasons[play.reason] ?? play.reason),
    play.firstSampleAt === null ? null : wall.time(play.firstSampleAt),
    play.latenessMs === null ? null : Math.round(play.latenessMs),
    Math.round(play.playedMs / 1000),
    Math.round(play.dueMs / 1000),
    play.scheduleId,
  ];
}

function wallClock(zone: string, words: CsvWords): WallClock {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  });
  const parts = (at: number) => {
    const found: Record<string, string> = {};
    for (const { type, value } of format.formatToParts(at)) found[type] = value;
    return found;
  };
  return {
    date: (at) => {
      const { year = '', month = '', day = '' } = parts(at);
      return words.date(year, month, day);
    },
    time: (at) => {
      const { hour = '', minute = '', second = '' } = parts(at);
      return `${hour}:${minute}:${second}`;
    },
  };
}
