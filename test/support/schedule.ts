import type { Client } from './client.ts';
import { until } from './until.ts';

const ZONE = 'Asia/Ho_Chi_Minh';

/** The whole second at least so many milliseconds from now. */
export const secondsFromNow = (ms: number): number => Math.ceil((Date.now() + ms) / 1_000) * 1_000;

/** Schedules content once at an instant, on every device. @returns the schedule's id. */
export async function scheduleOnceAt(
  client: Client,
  at: number,
  content: { kind: 'programme' | 'playlist'; id: string },
  options: { title?: string; repeat?: { count: number; gapMs: number }; boardMinutes?: number } = {},
): Promise<string> {
  const [date = '', time = ''] = new Date(at).toLocaleString('sv-SE', { timeZone: ZONE }).split(' ');
  const schedule = await client.call('POST /schedules', {
    body: {
      title: options.title ?? 'Bản tin thử',
      content,
      timetable: {
        rule: { kind: 'once', date, times: [time] },
        startDate: null,
        endDate: null,
        exceptDates: [],
        repeat: options.repeat ?? { count: 1, gapMs: 0 },
      },
      targets: [{ kind: 'all', id: 'all' }],
      ...(options.boardMinutes === undefined ? {} : { boardMinutes: options.boardMinutes }),
    },
  });
  return schedule.id;
}

/** Uploads a sound file and waits until it is ready to be played. @returns the asset's id. */
export async function uploadReady(client: Client, file: string, filename: string): Promise<string> {
  const { id } = await client.upload(file, filename);
  await until('the upload to be ready', async () => {
    const asset = await client.call('GET /assets/{id}', { params: { id } });
    if (asset.refusal !== null) throw new Error(`refused: ${asset.refusal.code}`);
    return asset.state === 'ready';
  });
  return id;
}

/** A programme of a ready sound. @returns its id. */
export async function programmeOf(
  client: Client,
  assetId: string,
  title: string,
  notice?: string,
): Promise<string> {
  const body = {
    title,
    assetId,
    notice: notice === undefined ? null : { heading: 'THÔNG BÁO', text: notice, durationMs: 5_000 },
  };
  return (await client.call('POST /programmes', { body })).id;
}

/** Waits until a device says that it holds the plan that is meant for it, with that schedule in it. */
export async function holdsPlanWith(client: Client, device: string, schedule: string): Promise<void> {
  await until(`${device} to hold the plan`, async () => {
    const plan = await client.call('GET /devices/{id}/plan', {
      params: { id: device },
      query: { which: 'held', from: Date.now() - 60_000, to: Date.now() + 86_400_000 },
    });
    return plan.occurrences.some((occurrence) => occurrence.schedule === schedule);
  });
}
