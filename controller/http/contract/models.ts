import { z } from 'zod';
import { DeviceKind, Quirks } from '#devices/kind';
import type { Route } from './route.ts';

/** What all devices of one model have in common, as it was measured on one of them. */
export const DeviceModel = z.object({
  kind: DeviceKind,
  model: z.string(),
  devices: z.number().int(),
  /** From handing a sample over to hearing it; null: what the devices themselves say. */
  outputDelayMs: z.number().min(0).max(2_000).nullable(),
  quirks: Quirks,
});
export type DeviceModel = z.infer<typeof DeviceModel>;

export const modelRoutes = {
  'GET /models': { summary: 'The models in the field', allow: [], response: z.array(DeviceModel) },
  'PUT /models/{kind}/{model}': {
    summary: 'Sets the output delay and the quirks of every device of a model',
    allow: ['technician'],
    params: z.object({ kind: DeviceKind, model: z.string().min(1).max(64) }),
    body: DeviceModel.pick({ outputDelayMs: true, quirks: true }),
    response: DeviceModel,
  },
} as const satisfies Record<string, Route>;
