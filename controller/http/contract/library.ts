import { z } from 'zod';
import { Scene } from '#devices/scene';
import { ById, changeOf, Id, Nothing, Time, Title } from './common.ts';
import type { Route } from './route.ts';

export const AssetState = z.enum(['receiving', 'queued', 'working', 'ready', 'refused', 'cancelled']);
export type AssetState = z.infer<typeof AssetState>;
export const AssetStage = z.enum(['receiving', 'speaking', 'probing', 'measuring', 'encoding', 'storing']);

export const Asset = z.object({
  id: Id,
  title: z.string(),
  filename: z.string().nullable(),
  source: z.enum(['upload', 'speech', 'chime', 'siren', 'recording']),
  language: z.string(),
  text: z.string().nullable(),
  bytes: z.number().nullable(),
  format: z.string().nullable(),
  state: AssetState,
  stage: AssetStage.nullable(),
  /** Of the current stage, 0 to 1. */
  progress: z.number(),
  /** Why it was refused: a code and what fills its sentence. */
  refusal: z
    .object({ code: z.string(), params: z.record(z.string(), z.union([z.string(), z.number()])) })
    .nullable(),
  durationMs: z.number().nullable(),
  /** Integrated loudness and true peak of what devices will play (EBU R 128), and of what was uploaded. */
  loudnessLufs: z.number().nullable(),
  truePeakDbtp: z.number().nullable(),
  sourceLoudnessLufs: z.number().nullable(),
  /** SHA-256 of the Opus rendition. */
  sha256: z.string().nullable(),
  /** Programmes made of it. */
  usedBy: z.number().int(),
  createdAt: Time,
  updatedAt: Time,
});
export type Asset = z.infer<typeof Asset>;

/** What boards show of a programme, as it was composed; the library's files are made for the boards when it is saved. */
export const BoardContent = z.object({
  scene: Scene,
  /** What it was composed for: real pixels, and the distance between two of them in mm; null for any board. */
  format: z
    .object({
      width: z.number().int().min(16).max(7_680),
      height: z.number().int().min(16).max(4_320),
      pitchMm: z.number().min(0.05).max(50),
    })
    .nullable(),
  /** Which template it began with; of meaning to the composer only. */
  template: z.string().max(40).nullable(),
  /** How long it stands where nothing else says so: once in a playlist, or by a schedule. */
  durationMs: z.number().int().min(3_000).max(86_400_000),
});
export type BoardContent = z.infer<typeof BoardContent>;

export const Programme = z.object({
  id: Id,
  title: z.string(),
  language: z.string(),
  asset: z
    .object({ id: Id, title: z.string(), state: AssetState, durationMs: z.number().nullable() })
    .nullable(),
  notice: z.object({ heading: z.string().nullable(), text: z.string(), durationMs: z.number() }).nullable(),
  board: BoardContent.nullable(),
  /** `making`: pictures or films are being made for the boards; `failed`: one of them could not be, and `boardTrouble` says why. */
  boardState: z.enum(['ready', 'making', 'failed']).nullable(),
  boardTrouble: z.string().nullable(),
  /** Of the scene as boards get it; null for none, or while it is being made. */
  sceneSha256: z.string().nullable(),
  /** Silent on days of mourning. */
  music: z.boolean(),
  durationMs: z.number().nullable(),
  /** Schedules and playlists that name it. */
  usedBy: z.number().int(),
  createdAt: Time,
  updatedAt: Time,
});
export type Programme = z.infer<typeof Programme>;

export const Playlist = z.object({
  id: Id,
  title: z.string(),
  chimeAssetId: Id.nullable(),
  items: z.array(z.object({ programmeId: Id, title: z.string(), durationMs: z.number().nullable() })),
  durationMs: z.number().nullable(),
  usedBy: z.number().int(),
  createdAt: Time,
  updatedAt: Time,
});
export type Playlist = z.infer<typeof Playlist>;

const Language = z.string().regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/); // BCP 47
const Notice = z.object({
  heading: z.string().trim().max(200).nullable().default(null),
  text: z.string().trim().min(1).max(4_000),
  durationMs: z.number().int().min(3_000).max(86_400_000).default(60_000),
});
const ProgrammeBody = z.object({
  title: Title,
  language: Language.default('vi'),
  assetId: Id.nullable().default(null),
  /** A short way to a board: one notice, on any board. Not together with `board`. */
  notice: Notice.nullable().default(null),
  board: BoardContent.nullable().default(null),
  music: z.boolean().default(false),
});
const PlaylistBody = z.object({
  title: Title,
  chimeAssetId: Id.nullable().default(null),
  items: z.array(Id).min(1).max(100),
});

const make = ['operator'] as const;
export const libraryRoutes = {
  'GET /assets': {
    summary: 'Sound files, newest first',
    allow: [],
    query: z.object({ search: z.string().max(100).optional(), state: AssetState.optional() }),
    response: z.array(Asset),
  },
  'POST /assets': {
    summary: 'Uploads a sound file as the raw request body; it is transcoded in the background',
    allow: make,
    query: z.object({
      filename: z.string().min(1).max(255),
      title: z.string().max(200).optional(),
      language: Language.default('vi'),
    }),
    stream: 'application/octet-stream',
    response: Asset,
    status: 202,
  },
  'GET /assets/{id}': { summary: 'One sound file', allow: [], params: ById, response: Asset },
  'PATCH /assets/{id}': {
    summary: 'Renames a sound file',
    allow: make,
    params: ById,
    body: z.object({ title: Title }),
    response: Asset,
  },
  'POST /assets/{id}/cancel': {
    summary: 'Stops receiving or transcoding',
    allow: make,
    params: ById,
    response: Asset,
  },
  'DELETE /assets/{id}': {
    summary: 'Removes a sound file that nothing uses',
    allow: make,
    params: ById,
    response: Nothing,
  },
  'POST /assets/{id}/restore': { summary: 'Undoes a removal', allow: make, params: ById, response: Asset },
  'GET /assets/{id}/peaks': {
    summary: 'Waveform: peak of the absolute value of each of up to 2,000 equal stretches, 0 to 1',
    allow: [],
    params: ById,
    response: z.object({ durationMs: z.number(), peaks: z.array(z.number()) }),
  },
  'GET /assets/{id}/audio': {
    summary: 'The MP3 rendition, to listen; answers Range',
    allow: [],
    params: ById,
    response: 'audio/mpeg',
  },
  'GET /programmes': {
    summary: 'Programmes, newest first',
    allow: [],
    query: z.object({ search: z.string().max(100).optional() }),
    response: z.array(Programme),
  },
  'POST /programmes': {
    summary: 'Makes a programme of a sound file, a notice, or both',
    allow: make,
    body: ProgrammeBody,
    response: Programme,
    status: 201,
  },
  'GET /programmes/{id}': { summary: 'One programme', allow: [], params: ById, response: Programme },
  'PATCH /programmes/{id}': {
    summary: 'Changes a programme',
    allow: make,
    params: ById,
    body: changeOf(ProgrammeBody),
    response: Programme,
  },
  'DELETE /programmes/{id}': {
    summary: 'Removes a programme that no schedule and no playlist names',
    allow: make,
    params: ById,
    response: Nothing,
  },
  'POST /programmes/{id}/restore': {
    summary: 'Undoes a removal',
    allow: make,
    params: ById,
    response: Programme,
  },
  'GET /playlists': { summary: 'Playlists, newest first', allow: [], response: z.array(Playlist) },
  'POST /playlists': {
    summary: 'Makes a playlist',
    allow: make,
    body: PlaylistBody,
    response: Playlist,
    status: 201,
  },
  'GET /playlists/{id}': { summary: 'One playlist', allow: [], params: ById, response: Playlist },
  'PATCH /playlists/{id}': {
    summary: 'Changes a playlist',
    allow: make,
    params: ById,
    body: changeOf(PlaylistBody),
    response: Playlist,
  },
  'DELETE /playlists/{id}': {
    summary: 'Removes a playlist that no schedule names',
    allow: make,
    params: ById,
    response: Nothing,
  },
  'POST /playlists/{id}/restore': {
    summary: 'Undoes a removal',
    allow: make,
    params: ById,
    response: Playlist,
  },
} as const satisfies Record<string, Route>;
