import { z } from 'zod';
import { FilmFile, PictureFile } from '#devices/scene/file';
import { Paragraph } from '#devices/scene/text';
import { ById, Id, Nothing, Time, Title } from './common.ts';
import type { Route } from './route.ts';

/** A picture or a film of the library. */
export const Visual = z.object({
  id: Id,
  kind: z.enum(['image', 'video']),
  title: z.string(),
  filename: z.string().nullable(),
  /** What is told to whoever cannot see it. */
  alt: z.string(),
  bytes: z.number().nullable(),
  width: z.number().nullable(),
  height: z.number().nullable(),
  /** Of a film. */
  durationMs: z.number().nullable(),
  state: z.enum(['receiving', 'queued', 'working', 'ready', 'refused', 'cancelled']),
  /** 0 to 1. */
  progress: z.number(),
  refusal: z
    .object({ code: z.string(), params: z.record(z.string(), z.union([z.string(), z.number()])) })
    .nullable(),
  usedBy: z.number().int(),
  createdAt: Time,
  updatedAt: Time,
});
export type Visual = z.infer<typeof Visual>;

/** What is not taken out of a document: `deleted` is text struck by tracked changes, `rest` what a board has no room for. */
export const DocumentLeft = z.enum([
  'pictures',
  'drawings',
  'headers',
  'page-numbers',
  'footnotes',
  'comments',
  'deleted',
  'tables',
  'links',
  'rest',
]);

const make = ['operator'] as const;
const side = z.coerce.number().int().min(1).max(7_680);
export const visualRoutes = {
  'GET /visuals': {
    summary: 'Pictures and films, newest first',
    allow: [],
    query: z.object({ search: z.string().max(100).optional(), kind: z.enum(['image', 'video']).optional() }),
    response: z.array(Visual),
  },
  'POST /visuals': {
    summary:
      'Uploads a picture or a film as the raw request body; it is checked and made small in the background',
    allow: make,
    query: z.object({
      filename: z.string().min(1).max(255),
      title: z.string().max(200).optional(),
      alt: z.string().max(500).optional(),
    }),
    stream: 'application/octet-stream',
    response: Visual,
    status: 202,
  },
  'GET /visuals/{id}': { summary: 'One picture or film', allow: [], params: ById, response: Visual },
  'PATCH /visuals/{id}': {
    summary: 'Renames it, or says what is to be seen on it',
    allow: make,
    params: ById,
    body: z.object({ title: Title, alt: z.string().trim().max(500) }).partial(),
    response: Visual,
  },
  'POST /visuals/{id}/cancel': {
    summary: 'Stops receiving or transcoding',
    allow: make,
    params: ById,
    response: Visual,
  },
  'DELETE /visuals/{id}': {
    summary: 'Removes a picture or film that nothing uses',
    allow: make,
    params: ById,
    response: Nothing,
  },
  'POST /visuals/{id}/restore': { summary: 'Undoes a removal', allow: make, params: ById, response: Visual },
  'GET /visuals/{id}/thumbnail': {
    summary: 'A small picture of it, at most 480 pixels wide',
    allow: [],
    params: ById,
    response: 'image/webp',
  },
  'GET /visuals/{id}/film': {
    summary: 'The film, to look at; answers Range',
    allow: [],
    params: ById,
    response: 'video/webm',
  },
  'POST /visuals/{id}/fit': {
    summary:
      'The file of it for a zone of so many pixels, made at once where it is a picture; what a scene names. Of a film that takes longer than some seconds 409 `visual-not-ready` with `progress`: ask again when its `visual` change is announced',
    allow: make,
    params: ById,
    body: z.object({ width: side, height: side, fit: z.enum(['contain', 'cover']) }),
    response: z.union([PictureFile, FilmFile]),
  },
  'GET /scene-files/{id}': {
    summary: 'A file that a scene names, by its SHA-256',
    allow: [],
    params: ById,
    response: 'application/octet-stream',
  },
  'POST /documents/text': {
    summary: 'The text of a DOCX or PDF document (the raw request body), in paragraphs and without junk',
    allow: make,
    query: z.object({ filename: z.string().min(1).max(255) }),
    stream: 'application/octet-stream',
    response: z.object({
      title: z.string().nullable(),
      paragraphs: z.array(Paragraph),
      /** What was left out; of `tables` only the lines. */
      left: z.array(DocumentLeft),
    }),
  },
} as const satisfies Record<string, Route>;
