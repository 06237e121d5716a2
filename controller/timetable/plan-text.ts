import type { Plan, PlanOccurrence, PlanPart } from '#devices/plan';
import { occurrenceId } from '#schedules/schedule';

interface Written {
  readonly of: PlanOccurrence;
  /** The schedule's id as JSON, without the closing quote. */
  readonly name: string;
  /** What all occurrences of a schedule have in common, from `"schedule"` to the end. */
  readonly text: string;
}

/**
 * A plan as JSON in plain ASCII: the same value as `JSON.stringify` gives, several times faster, since the parts of a
 * schedule are one object in all its occurrences and are written once, and since text of one byte a character needs
 * no encoding. A fleet whose plans all differ is a hundred megabytes of it.
 */
export class PlanWriter {
  readonly #written = new WeakMap<readonly PlanPart[], Written>();

  write(plan: Plan): string {
    let occurrences = '';
    for (const occurrence of plan.occurrences) {
      occurrences += `${occurrences === '' ? '' : ','}${this.#occurrence(occurrence)}`;
    }
    const withheld = (plan.withheld ?? []).map(
      (each) => `${this.#occurrence(each).slice(0, -1)},"reason":${asciiJson(each.reason)}}`,
    );
    return (
      `{"v":${plan.v},"validFrom":${plan.validFrom},"validUntil":${plan.validUntil},` +
      `"occurrences":[${occurrences}],` +
      (withheld.length === 0 ? '' : `"withheld":[${withheld.join(',')}],`) +
      `"blobs":${asciiJson(plan.blobs)}}`
    );
  }

  #occurrence(each: PlanOccurrence): string {
    const { id, schedule, startAt, endAt, notAfter } = each;
    let written = this.#written.get(each.parts);
    if (written === undefined || !alike(written.of, each)) {
      const { title, priority, resume, gainDb, parts, loopMs } = each;
      written = {
        of: each,
        name: asciiJson(schedule).slice(0, -1),
        text: asciiJson({ schedule, title, priority, resume, gainDb, parts, loopMs }).slice(1),
      };
      this.#written.set(each.parts, written);
    }
    const name = id === occurrenceId(schedule, startAt) ? `${written.name}@${startAt}"` : asciiJson(id);
    return `{"id":${name},"startAt":${startAt},"endAt":${endAt},"notAfter":${notAfter},${written.text}`;
  }
}

const alike = (a: PlanOccurrence, b: PlanOccurrence): boolean =>
  a.schedule === b.schedule &&
  a.title === b.title &&
  a.priority === b.priority &&
  a.resume === b.resume &&
  a.gainDb === b.gainDb &&
  a.loopMs === b.loopMs;

/** Characters beyond ASCII as `\uXXXX`, which RFC 8259 §7 allows in any string. */
export function asciiJson(value: unknown): string {
  return JSON.stringify(value).replace(
    /[\u0080-\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
