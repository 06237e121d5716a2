import type { Logger } from 'pino';
import type { firmwareRoutes } from '../http/contract/firmware.ts';
import type { Handlers } from '../http/handlers.ts';
import { announcedBytes, drain } from '../http/upload.ts';
import type { Images } from './images.ts';
import type { Rollouts } from './rollouts.ts';

export interface FirmwareHandlersDeps {
  readonly images: Images;
  readonly rollouts: Rollouts;
  readonly log: Logger;
}

/** Firmware images and their rollouts, for the HTTP core. */
export function firmwareHandlers({
  images,
  rollouts,
  log,
}: FirmwareHandlersDeps): Handlers<typeof firmwareRoutes> {
  const note = (audit: string, by: string, facts: object): void => log.info({ audit, by, ...facts }, audit);
  return {
    'GET /firmware': async () => images.list(),
    'POST /firmware': async ({ query, caller, request }) => {
      try {
        const expectedBytes = announcedBytes(request);
        const image = await images.add(request, { ...query, expectedBytes, by: caller.name });
        note('firmware-added', caller.name, image);
        return image;
      } catch (error) {
        drain(request);
        throw error;
      }
    },
    'DELETE /firmware/{id}': async ({ params: { id }, caller }) => {
      await images.remove(id);
      note('firmware-removed', caller.name, { image: id });
      return {};
    },
    'GET /firmware/{id}/reach': async ({ params: { id }, query }) => rollouts.reach(id, query.stages),
    'GET /rollouts': async () => rollouts.list(),
    'GET /rollouts/{id}': async ({ params: { id } }) => rollouts.detail(id),
    'POST /rollouts': async ({ body, caller }) => {
      const rollout = await rollouts.begin(body, caller.name);
      note('rollout-begun', caller.name, { rollout: rollout.id, ...body });
      return rollout;
    },
    'POST /rollouts/{id}/halt': async ({ params: { id }, caller }) => {
      const rollout = await rollouts.halt(id);
      note('rollout-halted', caller.name, { rollout: id });
      return rollout;
    },
    'POST /rollouts/{id}/resume': async ({ params: { id }, caller }) => {
      const rollout = await rollouts.resume(id);
      note('rollout-resumed', caller.name, { rollout: id });
      return rollout;
    },
    'POST /rollouts/{id}/cancel': async ({ params: { id }, caller }) => {
      const rollout = await rollouts.cancel(id);
      note('rollout-cancelled', caller.name, { rollout: id });
      return rollout;
    },
  };
}
