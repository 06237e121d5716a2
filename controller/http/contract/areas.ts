import { z } from 'zod';
import { ById, changeOf, Id, Nothing, Title } from './common.ts';
import type { Route } from './route.ts';

export const AreaKind = z.enum(['province', 'ward', 'neighbourhood']);
export const Area = z.object({
  id: Id,
  parentId: Id.nullable(),
  kind: AreaKind,
  name: z.string(),
  /** Devices in this area and below it. */
  devices: z.number().int(),
});
export type Area = z.infer<typeof Area>;
export const Group = z.object({ id: Id, name: z.string(), devices: z.array(Id) });
export type Group = z.infer<typeof Group>;

const AreaBody = z.object({
  name: Title,
  kind: AreaKind.default('neighbourhood'),
  parentId: Id.nullable().default(null),
});
const GroupBody = z.object({ name: Title, devices: z.array(Id).max(10_000).default([]) });

export const areaRoutes = {
  'GET /areas': { summary: 'The area tree, parents before children', allow: [], response: z.array(Area) },
  'POST /areas': {
    summary: 'Adds an area',
    allow: ['technician'],
    body: AreaBody,
    response: Area,
    status: 201,
  },
  'PATCH /areas/{id}': {
    summary: 'Renames or moves an area',
    allow: ['technician'],
    params: ById,
    body: changeOf(AreaBody),
    response: Area,
  },
  'DELETE /areas/{id}': {
    summary: 'Removes an area that holds no devices and no areas',
    allow: ['technician'],
    params: ById,
    response: Nothing,
  },
  'GET /groups': { summary: 'The groups with their devices', allow: [], response: z.array(Group) },
  'POST /groups': {
    summary: 'Adds a group',
    allow: ['technician'],
    body: GroupBody,
    response: Group,
    status: 201,
  },
  'PATCH /groups/{id}': {
    summary: 'Renames a group or sets its devices',
    allow: ['technician'],
    params: ById,
    body: changeOf(GroupBody),
    response: Group,
  },
  'DELETE /groups/{id}': {
    summary: 'Removes a group',
    allow: ['technician'],
    params: ById,
    response: Nothing,
  },
} as const satisfies Record<string, Route>;
