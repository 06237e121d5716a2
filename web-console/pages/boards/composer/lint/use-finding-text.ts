import { useTranslation } from 'react-i18next';
import type { LintFinding } from '#controller/http/contract/lint';

/** A finding as a sentence; its code where this console is too old to know it. */
export function useFindingText(): (finding: Pick<LintFinding, 'code' | 'params'>) => string {
  const { i18n } = useTranslation();
  return ({ code, params }) => {
    const key = `compose.lint.${code}`;
    return i18n.exists(key) ? String(i18n.t(key as never, params as never)) : code;
  };
}
