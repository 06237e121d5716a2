import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parseSync } from '@swc/core';
import { z } from 'zod';

/** One file of ours that imports another file of ours, or a module of Node's. */
export interface Import {
  readonly from: string;
  /** Relative to the root, or as written for what is not ours (`node:fs`, `react`). */
  readonly to: string;
  readonly typeOnly: boolean;
}

const Node = z.looseObject({ type: z.string() });
const Source = z.object({ value: z.string() });
const Statement = z.object({
  source: Source,
  typeOnly: z.boolean().default(false),
  specifiers: z.array(z.looseObject({ isTypeOnly: z.boolean().optional() })).optional(),
});
const Manifest = z.object({ imports: z.record(z.string(), z.object({ 'loa-source': z.string() })) });

/** All imports of the TypeScript files in some rooms, static and dynamic, resolved as the programs resolve them. */
export function importsOf(root: string, rooms: readonly string[]): { files: string[]; imports: Import[] } {
  const { imports: subpaths } = Manifest.parse(
    JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')),
  );
  const files = rooms.flatMap((room) =>
    readdirSync(path.join(root, room), { recursive: true, encoding: 'utf8' })
      .filter((file) => /\.tsx?$/.test(file) && !file.endsWith('.d.ts'))
      .map((file) => path.posix.join(room, file)),
  );
  const imports = files.flatMap((from) => {
    const code = readFileSync(path.join(root, from), 'utf8');
    const tree = parseSync(code, { syntax: 'typescript', tsx: from.endsWith('.tsx'), target: 'es2022' });
    return importedBy(tree).map(({ specifier, typeOnly }) => ({
      from,
      to: resolve(root, from, withoutQuery(specifier), subpaths),
      typeOnly,
    }));
  });
  return { files, imports };
}

/** Walks a syntax tree for `import`, `export … from` and `import()`. Threads and programs named by a URL are no imports. */
function importedBy(tree: unknown): { specifier: string; typeOnly: boolean }[] {
  const found: { specifier: string; typeOnly: boolean }[] = [];
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) {
      value.forEach(visit);
      return;
    }
    const node = Node.safeParse(value);
    if (!node.success) {
      if (typeof value === 'object' && value !== null) Object.values(value).forEach(visit);
      return;
    }
    const { type } = node.data;
    if (
      type === 'ImportDeclaration' ||
      type === 'ExportAllDeclaration' ||
      type === 'ExportNamedDeclaration'
    ) {
      const statement = Statement.safeParse(node.data);
      if (statement.success) {
        const { source, typeOnly, specifiers = [] } = statement.data;
        const allTypes = specifiers.length > 0 && specifiers.every(({ isTypeOnly }) => isTypeOnly === true);
        found.push({ specifier: source.value, typeOnly: typeOnly || allTypes });
      }
    }
    if (type === 'CallExpression') {
      const call = z
        .object({
          callee: z.object({ type: z.literal('Import') }),
          arguments: z.array(z.object({ expression: Source })).min(1),
        })
        .safeParse(node.data);
      const specifier = call.data?.arguments[0]?.expression.value;
      if (specifier !== undefined) found.push({ specifier, typeOnly: false });
    }
    Object.values(node.data).forEach(visit);
  };
  visit(tree);
  return found;
}

/** What stands behind `?` tells the bundler how to take a file in. */
const withoutQuery = (specifier: string): string => specifier.split('?', 1)[0] ?? specifier;

function resolve(
  root: string,
  from: string,
  specifier: string,
  subpaths: Record<string, { 'loa-source': string }>,
): string {
  for (const [pattern, { 'loa-source': target }] of Object.entries(subpaths)) {
    const prefix = pattern.slice(0, -1);
    if (specifier.startsWith(prefix))
      return existing(root, target.replace('*', specifier.slice(prefix.length)), from, specifier);
  }
  if (!specifier.startsWith('.')) return specifier;
  return existing(root, path.posix.join(path.posix.dirname(from), specifier), from, specifier);
}

/** @throws Error for an import of ours that leads nowhere: the graph would be wrong without it. */
function existing(root: string, target: string, from: string, specifier: string): string {
  const normal = path.posix.normalize(target);
  const candidates = [normal, `${normal}.ts`, `${normal}.tsx`, `${normal}/index.ts`];
  const found = candidates.find((file) => /\.\w+$/.test(file) && existsSync(path.join(root, file)));
  if (found === undefined) throw new Error(`${from} imports ${specifier}, which is not there`);
  return found;
}

/** Every import circle, each once, as the files on it. */
export function circles(imports: readonly Import[]): string[][] {
  const next = new Map<string, string[]>();
  for (const { from, to } of imports) next.set(from, [...(next.get(from) ?? []), to]);
  const state = new Map<string, 'open' | 'done'>();
  const way: string[] = [];
  const found: string[][] = [];
  const visit = (file: string): void => {
    state.set(file, 'open');
    way.push(file);
    for (const to of next.get(file) ?? []) {
      if (state.get(to) === 'open') found.push([...way.slice(way.indexOf(to)), to]);
      else if (!state.has(to)) visit(to);
    }
    way.pop();
    state.set(file, 'done');
  };
  for (const file of next.keys()) if (!state.has(file)) visit(file);
  return found;
}
