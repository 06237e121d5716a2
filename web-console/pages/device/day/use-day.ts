import { keepPreviousData, type UseQueryResult, useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { DayItem } from '#controller/http/contract/device-day';
import type { Encounter } from '#schedules/encounter';
import { type Fate, type Segment, timeline } from '#schedules/timeline';
import { ask } from '../../../api/ask.ts';
import type { Answer } from '../../../api/client.ts';
import type { Place } from '../../../words/place.ts';

/** What starts so long before the day may still have a say in it. */
const LEAD_MS = 3 * 3_600_000;

/** One occurrence of the day: what asked for the air, what is foretold of it, and whom it met. */
export interface Line {
  readonly item: DayItem;
  readonly segments: readonly Segment<DayItem>[];
  readonly fate: Fate<DayItem>;
  readonly met: readonly Encounter<DayItem>[];
}

export interface Day {
  /** Epoch ms. */
  readonly from: number;
  readonly to: number;
  readonly lines: readonly Line[];
  /** When each occurrence is heard, by its id. */
  readonly heard: ReadonlyMap<string, readonly Segment<DayItem>[]>;
  /** To where the plan reaches. */
  readonly validUntil: number | null;
}

/** A device's day, foretold by the rule that the device itself goes by. */
export function useDay(
  id: string,
  date: string,
  place: Place,
): { answer: UseQueryResult<Answer<'GET /devices/{id}/day'>>; day: Day | undefined } {
  const from = place.instant(date);
  const to = place.instant(place.plusDays(date, 1));
  const answer = useQuery({
    ...ask('GET /devices/{id}/day', { params: { id }, query: { from: from - LEAD_MS, to } }),
    placeholderData: keepPreviousData,
  });
  const day = useMemo(
    () => (answer.data === undefined ? undefined : dayOf(answer.data, from, to)),
    [answer.data, from, to],
  );
  return { answer, day };
}

function dayOf({ items, validUntil }: Answer<'GET /devices/{id}/day'>, from: number, to: number): Day {
  const { segments, fates, encounters } = timeline(items, from, to);
  const heard = new Map<string, Segment<DayItem>[]>();
  for (const segment of segments) {
    const list = heard.get(segment.occurrence.id);
    if (list === undefined) heard.set(segment.occurrence.id, [segment]);
    else list.push(segment);
  }
  const met = new Map<string, Encounter<DayItem>[]>();
  for (const encounter of encounters)
    for (const { id } of [encounter.winner, encounter.loser]) {
      const list = met.get(id);
      if (list === undefined) met.set(id, [encounter]);
      else list.push(encounter);
    }
  const lines = fates.map((fate) => ({
    item: fate.occurrence,
    fate,
    segments: heard.get(fate.occurrence.id) ?? [],
    met: met.get(fate.occurrence.id) ?? [],
  }));
  return { from, to, lines, heard, validUntil };
}
