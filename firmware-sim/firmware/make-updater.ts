import type { CryptoKey } from 'jose';
import type { Conductor } from '../conductor.ts';
import type { Conversation } from '../conversation.ts';
import type { DesiredState } from '../desired-state.ts';
import type { PlanKeeper } from '../plan-keeper.ts';
import type { Powered } from '../powered.ts';
import { Updater } from './updater.ts';

export interface UpdaterParts {
  readonly powered: Powered;
  readonly device: string;
  readonly controllerKey: CryptoKey;
  readonly http: string;
  readonly bearer: string;
  readonly conductor: Conductor;
  readonly keeper: PlanKeeper;
  readonly state: DesiredState;
  readonly talk: Conversation;
  readonly fault: (what: string, detail: string) => void;
}

/** What takes in a new firmware, by what the other parts of the device know. */
export function makeUpdater(parts: UpdaterParts): Updater {
  const { powered, device, controllerKey, http, bearer, conductor, keeper, state, talk, fault } = parts;
  const { options, clock, firmware, identity, restart } = powered;
  const sick = options.unhealthyFirmware.includes(firmware.version);
  return new Updater({
    ...{ slots: firmware, device, model: identity.model, controllerKey, restart },
    ...{ http, bearer, retry: options.downloadRetry },
    now: () => clock.now(),
    clockReady: () => talk.clockReady(),
    quietForMs: () => {
      const { playing, nextAt } = conductor.outlook();
      // A picture may go for a few seconds, and stands there for hours.
      return playing && options.kind === 'speaker' ? 0 : nextAt - clock.now();
    },
    quietMs: options.firmwareQuietMs,
    trialMs: options.firmwareTrialMs,
    healthy: () => {
      const planned = (state.governing?.body.plan ?? null) === null || keeper.version !== null;
      return !sick && talk.session !== null && clock.synced && planned;
    },
    ack: (ack) => talk.acknowledge(ack),
    onChange: (what) => options.onEvent({ type: 'firmware', what }),
    onRefused: (reason) => options.onEvent({ type: 'refused', subject: 'firmware', reason }),
    onTrouble: (error) => fault('firmware-failed', error instanceof Error ? error.message : String(error)),
  });
}
