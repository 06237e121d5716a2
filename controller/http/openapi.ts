import { z } from 'zod';
import { createDocument, type ZodOpenApiOperationObject, type ZodOpenApiPathsObject } from 'zod-openapi';
import { routes } from './contract/index.ts';
import { PanelFindings, Standing } from './contract/lint.ts';
import type { Route } from './contract/route.ts';
import { upstreamRoutes } from './contract/upstream.ts';

const ProblemDocument = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.number().int(),
    detail: z.string(),
    code: z.string(),
    params: z.record(z.string(), z.union([z.string(), z.number()])).optional(),
    errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
    findings: z.array(PanelFindings).optional(),
    standing: z.array(Standing).optional(),
  })
  .meta({ id: 'Problem', description: 'RFC 9457' });

/** The OpenAPI 3.1 description, made of the schemas that validate. */
export function openApiDocument(options: { version: string; publicUrl: string }) {
  const paths: ZodOpenApiPathsObject = {};
  for (const [operation, route] of Object.entries(routes) as [string, Route][]) {
    const [method, path] = operation.split(' ') as [string, string];
    const verb = method.toLowerCase() as 'get' | 'post' | 'patch' | 'put' | 'delete';
    paths[path] = { ...paths[path], [verb]: describe(route) };
  }
  for (const [operation, route] of Object.entries(upstreamRoutes) as [string, Route][]) {
    const [method, path] = operation.split(' ') as [string, string];
    const security = path === '/cap' ? [{ capToken: [] }, {}] : [{ provinceSignature: [] }];
    paths[path] = { ...paths[path], [method.toLowerCase()]: { ...describe(route), security } };
  }
  return createDocument({
    openapi: '3.1.0',
    info: {
      title: 'Loa Phường',
      version: options.version,
      description: 'Times are milliseconds since the Unix epoch, UTC.',
    },
    servers: [{ url: `${options.publicUrl}/api/v1` }],
    security: [{ session: [] }],
    components: {
      securitySchemes: {
        session: { type: 'apiKey', in: 'cookie', name: 'loa.session_token' },
        capToken: { type: 'http', scheme: 'bearer' },
        provinceSignature: {
          ...{ type: 'apiKey', in: 'header', name: 'X-Loa-Signature' },
          description:
            't={Unix time in seconds},v1={HMAC-SHA256, hex, over “{t}.{body}”; of a GET over “{t}.{path}”}; at most 5 minutes off, a POST once',
        },
      },
    },
    paths,
  });
}

function describe(route: Route): ZodOpenApiOperationObject {
  const content =
    typeof route.response === 'string'
      ? { [route.response]: { schema: { type: 'string' as const, format: 'binary' } } }
      : { 'application/json': { schema: route.response } };
  const body =
    route.stream !== undefined
      ? { [route.stream]: { schema: { type: 'string' as const, format: 'binary' } } }
      : route.body === undefined
        ? undefined
        : { 'application/json': { schema: route.body } };
  return {
    summary: route.summary,
    ...(route.allow.length > 0 && {
      description: `For the roles: ${route.allow.join(', ')}, administrator.`,
    }),
    ...((route.params !== undefined || route.query !== undefined) && {
      requestParams: {
        ...(route.params !== undefined && { path: route.params }),
        ...(route.query !== undefined && { query: route.query }),
      },
    }),
    ...(body !== undefined && { requestBody: { required: true, content: body } }),
    responses: {
      [`${route.status ?? 200}` as '200']: { description: 'Done', content },
      default: {
        description: 'What went wrong, and what to do',
        content: { 'application/problem+json': { schema: ProblemDocument } },
      },
    },
  };
}
