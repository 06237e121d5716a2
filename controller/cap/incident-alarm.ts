import { Failure } from '../failure.ts';
import type { Actor } from '../incidents/actor.ts';
import type { Incidents } from '../incidents/incidents.ts';
import type { Alarm, AlarmView } from './alarm.ts';

/** How often what another system sends is said; as people's own incidents are. */
const REPEATS = 3;
const UPDATE_REPEATS = 2;

/** Another system has a name here, and no account. */
const actor = (name: string): Actor => ({ id: null, name });

/** Alerts and bulletins as incidents. */
export class IncidentAlarm implements Alarm {
  readonly #incidents: Incidents;

  constructor(incidents: Incidents) {
    this.#incidents = incidents;
  }

  async drawUp({ by, ...request }: Parameters<Alarm['drawUp']>[0]): Promise<string> {
    const own = { sirenAssetId: null, storedMessageId: null, repeats: REPEATS };
    return (await this.#incidents.drawUp({ ...request, ...own }, actor(by))).id;
  }

  async sound(incident: string, by: string): Promise<void> {
    await this.#incidents.confirmForSystem(incident, actor(by));
  }

  async update(incident: string, message: Parameters<Alarm['update']>[1], by: string): Promise<void> {
    await this.#incidents.update(incident, { ...message, repeats: UPDATE_REPEATS }, actor(by));
  }

  async allClear(incident: string, text: string | null, by: string): Promise<void> {
    await this.#incidents.allClear(incident, text, actor(by));
  }

  async cancel(incident: string, by: string): Promise<void> {
    await this.#incidents.cancel(incident, actor(by));
  }

  look(incident: string): AlarmView | null {
    try {
      const { state, targets, counts } = this.#incidents.view(incident);
      return {
        state,
        targets: targets.map(({ kind, id }) => ({ kind, id })),
        heard: counts.sounding + counts.done,
      };
    } catch (error) {
      if (error instanceof Failure && error.code === 'not-found') return null;
      throw error;
    }
  }
}
