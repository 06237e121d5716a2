import { z } from 'zod';

/** What is used of the tree that mammoth reads a document into; it has no types of its own. */
export interface DocxNode {
  readonly type: string;
  readonly children: readonly DocxNode[];
  readonly value: string;
  readonly styleId: string | null;
  readonly alignment: string | null;
  readonly font: string | null;
  readonly isBold: boolean;
  readonly isAllCaps: boolean;
  readonly breakType: string | null;
  readonly checked: boolean;
  /** One object per level of a list, shared by its paragraphs: what they are counted by. */
  readonly numbering: { readonly isOrdered: boolean; readonly level: string } | null;
}

const text = z
  .string()
  .nullish()
  .transform((value) => value ?? null);
const flag = z
  .boolean()
  .nullish()
  .transform((value) => value ?? false);
export const DocxNode: z.ZodType<DocxNode> = z.lazy(() =>
  z.object({
    type: z.string(),
    children: z
      .array(DocxNode)
      .nullish()
      .transform((children) => children ?? []),
    value: z
      .string()
      .nullish()
      .transform((value) => value ?? ''),
    styleId: text,
    alignment: text,
    font: text,
    isBold: flag,
    isAllCaps: flag,
    breakType: text,
    checked: flag,
    // As it is: a copy would not be the same object any more.
    numbering: z
      .custom<DocxNode['numbering']>((value) => value === null || typeof value === 'object')
      .optional()
      .transform((value) => value ?? null),
  }),
);
