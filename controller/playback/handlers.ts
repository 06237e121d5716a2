import { AsRunRecord } from '#devices/as-run';
import type { Config } from '../config/settings.ts';
import type { Store } from '../database/open.ts';
import { notFound } from '../failure.ts';
import type { PlayDetail, playRoutes } from '../http/contract/plays.ts';
import type { Handlers } from '../http/handlers.ts';
import { exportPlays } from './csv-export.ts';
import { CSV_WORDS } from './csv-words.ts';
import { PlayQuery } from './play-query.ts';
import { PlayParts } from './play-rows.ts';

export interface PlayHandlersDeps {
  readonly store: Store;
  readonly config: Pick<Config, 'LOA_TIMEZONE'>;
}

/** The operations on the playback log. */
export function playHandlers({ store, config }: PlayHandlersDeps): Handlers<typeof playRoutes> {
  const plays = new PlayQuery(store);
  return {
    'GET /plays': async ({ query: { limit, cursor, ...filter } }) => {
      const { items, next } = plays.page(filter, limit, cursor ?? null);
      const counts = plays.counts(filter);
      const total =
        filter.verdict === undefined
          ? Object.values(counts).reduce((sum, count) => sum + count, 0)
          : counts[filter.verdict];
      return { items, next, total, counts };
    },
    'GET /plays/{occurrence}/{device}': async ({ params: { occurrence, device } }) => {
      const play = plays.one(occurrence, device);
      if (play === null) throw notFound('play', `${occurrence} of ${device}`);
      const parts = PlayParts.parse(JSON.parse(play.parts)).map(({ offsetMs: _, ...part }) => part);
      return { ...play, parts, records: recordsOf(store, occurrence, device) };
    },
    'GET /plays.csv': async ({ query: { language, ...filter }, response }) => {
      const words = CSV_WORDS[language];
      response
        .type('text/csv; charset=utf-8')
        .set('Content-Disposition', `attachment; filename="${words.filename}"`)
        .set('Cache-Control', 'no-store');
      await exportPlays(plays, filter, response, { words, zone: config.LOA_TIMEZONE });
      return undefined;
    },
  };
}

/** The device's own records, in the order in which it made them. */
function recordsOf({ sqlite }: Store, occurrence: string, device: string): PlayDetail['records'] {
  return sqlite
    .prepare<[string, string], { boot: number; record: string; received_at: number }>(
      `SELECT boot, record, received_at FROM as_run INDEXED BY as_run_occurrence
        WHERE occurrence = ? AND device_id = ? ORDER BY boot, seq`,
    )
    .all(occurrence, device)
    .map(({ boot, record, received_at }) => ({
      ...AsRunRecord.parse(JSON.parse(record)),
      boot,
      receivedAt: received_at,
    }));
}
