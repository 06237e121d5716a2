import type { Logger } from 'pino';
import type { Changes } from '../changes.ts';
import type { Clock } from '../clock.ts';
import type { Store } from '../database/open.ts';
import type { modelRoutes } from '../http/contract/models.ts';
import type { Handlers } from '../http/handlers.ts';
import { listModels, oneModel, setModel } from './models.ts';

export interface ModelHandlersDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly changes: Changes;
  readonly log: Logger;
  readonly desired: { refresh(devices: Iterable<string>): void | Promise<void> };
}

/** What all devices of a model have in common. */
export function modelHandlers({
  store,
  clock,
  changes,
  log,
  desired,
}: ModelHandlersDeps): Handlers<typeof modelRoutes> {
  return {
    'GET /models': async () => listModels(store),
    'PUT /models/{kind}/{model}': async ({ params, body, caller }) => {
      const devices = setModel(store, params, body, clock.now());
      void desired.refresh(devices);
      log.info(
        { audit: 'model-changed', ...params, devices: devices.length, by: caller.name, ...body },
        'changed',
      );
      changes.announce('model', `${params.kind}/${params.model}`);
      return oneModel(store, params);
    },
  };
}
