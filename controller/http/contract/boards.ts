import { z } from 'zod';
import { BOARD_MODES } from '#devices/board/mode';
import { Panel } from '#devices/kind';
import { PriorityClass } from '#devices/plan';
import { Scene } from '#devices/scene';
import { BroadcastSummary } from './broadcasts.ts';
import { ById, Id, Time } from './common.ts';
import { LintFinding } from './lint.ts';
import type { Route } from './route.ts';
import { Target } from './schedules.ts';

/** Something that stands on a board, or is to stand there. */
export const OnBoard = z.object({
  occurrence: z.string().nullable(),
  title: z.string(),
  priority: PriorityClass.nullable(),
  sceneSha256: z.string().nullable(),
  since: Time.nullable(),
  until: Time.nullable(),
});
export type OnBoard = z.infer<typeof OnBoard>;

/** `unknown`: nothing was told yet, or nothing that could be compared. */
export const Agreement = z.enum(['same', 'different', 'unknown']);

/** One board: what it is to show, what it said it knows, what it drew, and what was seen on it. Four steps, never one light. */
export const BoardView = z.object({
  id: Id,
  name: z.string(),
  areaName: z.string().nullable(),
  panel: Panel.nullable(),
  display: z.enum(['led', 'lcd']).nullable(),
  online: z.boolean(),
  lastHeardAt: Time.nullable(),
  mode: z.enum(BOARD_MODES).nullable(),
  /** What the controller wants there now; null: nothing, the fallback. */
  desired: OnBoard.nullable(),
  /** Whether the device told that it holds what is desired, and since when. */
  acknowledged: z.object({ is: z.boolean(), at: Time.nullable() }),
  /** What it says that it draws; `as`: whether scene and pixels are those that the controller's own renderer makes of what was approved. */
  rendered: z
    .object({
      sceneSha256: z.string().nullable(),
      page: z.number().int().nullable(),
      of: z.number().int().nullable(),
      pixelsSha256: z.string().nullable(),
      as: Agreement,
      at: Time,
    })
    .nullable(),
  /** The last picture of what is really lit, and whether it is of this hour or old. */
  seen: z.object({ pictureId: Id, at: Time, fresh: z.boolean(), as: Agreement }).nullable(),
  /** Since when nothing was drawn any more; null while it draws, or is away. */
  frozenSince: Time.nullable(),
  powered: z.boolean().nullable(),
  deadPixels: z.number().int().nullable(),
  brightness: z.number().nullable(),
  lux: z.number().nullable(),
  viewingMetres: z.number(),
  /** How often it sends a picture unasked; 0 for never. */
  pictureEveryMinutes: z.number().int(),
});
export type BoardView = z.infer<typeof BoardView>;

/** A size that boards of the site have. */
export const BoardFormat = z.object({
  width: z.number().int(),
  height: z.number().int(),
  pitchMm: z.number(),
  display: z.enum(['led', 'lcd']).nullable(),
  boards: z.array(z.object({ id: Id, name: z.string() })),
  viewingMetres: z.number(),
});
export type BoardFormat = z.infer<typeof BoardFormat>;

export { LintFinding } from './lint.ts';

const make = ['operator'] as const;
export const boardRoutes = {
  'GET /boards': {
    summary: 'Boards, by name, each with its four states',
    allow: [],
    response: z.array(BoardView),
  },
  'GET /boards/formats': {
    summary: 'The sizes of the boards that there are',
    allow: [],
    response: z.array(BoardFormat),
  },
  'GET /boards/{id}': { summary: 'One board', allow: [], params: ById, response: BoardView },
  'GET /boards/{id}/scene': {
    summary: 'The scene that it is to show now, to be drawn beside its own picture; null for none',
    allow: [],
    params: ById,
    response: z.object({ scene: Scene.nullable(), sha256: z.string().nullable() }),
  },
  'GET /boards/{id}/pictures': {
    summary: 'The pictures that it sent, newest first',
    allow: [],
    params: ById,
    response: z.array(
      z.object({
        id: Id,
        at: Time,
        receivedAt: Time,
        pixelsSha256: z.string().nullable(),
        bytes: z.number(),
      }),
    ),
  },
  'POST /boards/check': {
    summary: 'What would keep a scene from being read on a board of a size, before it is published',
    allow: [],
    body: z.object({
      scene: Scene,
      panel: Panel,
      viewingMetres: z.number().min(0.5).max(200).default(15),
      night: z.boolean().default(false),
    }),
    response: z.array(LintFinding),
  },
  'POST /boards/publish': {
    summary:
      'Shows a programme on boards now and until a moment. 422 `board-findings` when it cannot be read there (`findings` of the problem), unless only warnings are left and they are accepted; 409 `board-busy` when something of the same class or a higher one stands on some of them (`standing` of the problem), unless `replace`',
    allow: make,
    body: z.object({
      programmeId: Id,
      targets: z.array(Target).min(1).max(1_000),
      /** Epoch ms; at most 31 days from now. */
      until: Time,
      priority: PriorityClass.extract(['priority', 'scheduled', 'background']).default('scheduled'),
      acceptWarnings: z.boolean().default(false),
      /** Ends on these boards what was published there before; for what it cannot end it waits, as any later one does. */
      replace: z.boolean().default(false),
    }),
    response: BroadcastSummary,
    status: 202,
  },
} as const satisfies Record<string, Route>;
