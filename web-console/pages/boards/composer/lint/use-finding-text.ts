import { useTranslation } from 'react-i18next';
import type { LintFinding } from '#controller/http/contract/lint';
import { useFormat } from '../../../../words/format.ts';

type Told = Pick<LintFinding, 'code' | 'params'>;

/** A finding, or what would put it right, as a sentence; its code where this console is too old to know it. */
export function useFindingText(of: 'lint' | 'fix' = 'lint'): (told: Told) => string {
  const { i18n } = useTranslation();
  const format = useFormat();
  return ({ code, params }) => {
    const key = `compose.${of}.${code}`;
    const own = `compose.lack.${code}`;
    const values = Object.fromEntries(
      Object.entries(params).map(([name, value]) => [
        name,
        typeof value === 'string'
          ? value
          : name.endsWith('Ms')
            ? format.span(value)
            : format.number(value, 1),
      ]),
    );
    const known = [key, own].find((one) => i18n.exists(one));
    return known === undefined ? code : String(i18n.t(known as never, values as never));
  };
}
