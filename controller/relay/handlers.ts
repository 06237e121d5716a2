import type { Clock } from '../clock.ts';
import { Failure } from '../failure.ts';
import type { relayRoutes } from '../http/contract/relays.ts';
import type { Handlers } from '../http/handlers.ts';
import { type Checked, checkAddress } from './check.ts';
import type { Doorway } from './connect.ts';
import type { Relays } from './relays.ts';
import type { Sources } from './sources.ts';

export interface RelayHandlersDeps {
  readonly clock: Clock;
  readonly sources: Sources;
  readonly relays: Relays;
  readonly doorway: Doorway;
  readonly ffmpeg: string;
}

/** Each listens for some seconds, with a program of its own. */
const MOST_CHECKS = 3;

/** The operations on streams that may be relayed, and on relays. */
export function relayHandlers(deps: RelayHandlersDeps): Handlers<typeof relayRoutes> {
  const { clock, sources, relays, doorway, ffmpeg } = deps;
  let checking = 0;
  const check = async (url: string): Promise<Checked> => {
    if (checking >= MOST_CHECKS) {
      throw new Failure('too-often', 'Several addresses are being listened to; wait a moment.', {
        status: 429,
      });
    }
    checking += 1;
    return await checkAddress(url, doorway, ffmpeg).finally(() => {
      checking -= 1;
    });
  };
  return {
    'GET /relay-sources': async () => sources.list(),
    'POST /relay-sources': async ({ body, caller }) => sources.add(body, caller.name),
    'POST /relay-sources/check': async ({ body: { url } }) => check(url),
    'PATCH /relay-sources/{id}': async ({ params: { id }, body }) => sources.change(id, body),
    'DELETE /relay-sources/{id}': async ({ params: { id } }) => {
      sources.remove(id);
      return {};
    },
    'GET /relays': async () => relays.list(),
    'GET /relays/{id}': async ({ params: { id } }) => relays.get(id),
    'POST /relays': async ({ body: { sourceId, targets, minutes, resume, volume }, caller }) => {
      const now = clock.now();
      const { title } = sources.row(sourceId);
      // Asked for by a person now: it comes before what the plan has, as anything that is played by hand.
      const order = { priority: 'priority', gainDb: 0, occurrence: null, continues: null } as const;
      return relays.begin(
        {
          ...order,
          sourceId,
          title,
          targets,
          resume,
          volume,
          endAt: now + minutes * 60_000,
          by: caller.name,
        },
        now,
      );
    },
    'POST /relays/{id}/stop': async ({ params: { id }, caller }) => relays.halt(id, caller.name),
  };
}
