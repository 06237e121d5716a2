import { z } from 'zod';
import { ById, Id, Time } from './common.ts';
import { ROLES, type Route } from './route.ts';

/** Whoever may sign in. */
export const Person = z.object({
  id: Id,
  name: z.string(),
  username: z.string(),
  role: z.enum(ROLES),
  mustChangePassword: z.boolean(),
  disabled: z.boolean(),
  createdAt: Time,
});
export type Person = z.infer<typeof Person>;

const Name = z.string().trim().min(1).max(100);
export const peopleRoutes = {
  'GET /people': { summary: 'Accounts', allow: ['administrator'], response: z.array(Person) },
  'POST /people': {
    summary: 'Makes an account with a random password, which is told once and changed at the first sign-in',
    allow: ['administrator'],
    body: z.object({
      name: Name,
      username: z.string().regex(/^[a-z][a-z0-9._-]{2,29}$/),
      role: z.enum(ROLES),
    }),
    response: z.object({ person: Person, password: z.string() }),
    status: 201,
  },
  'PATCH /people/{id}': {
    summary: 'Renames, gives another role, disables or enables an account; nobody changes his own role',
    allow: ['administrator'],
    params: ById,
    body: z.object({
      name: Name.optional(),
      role: z.enum(ROLES).optional(),
      disabled: z.boolean().optional(),
    }),
    response: Person,
  },
  'POST /people/{id}/password': {
    summary: 'A new random password, told once; every session of the account ends',
    allow: ['administrator'],
    params: ById,
    response: z.object({ password: z.string() }),
  },
} as const satisfies Record<string, Route>;
