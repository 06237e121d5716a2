import { useTranslation } from 'react-i18next';

/** A reason code in the reader's words; a code that this console does not know yet is shown as it is. */
export function useReason(): (code: string) => string {
  const { i18n } = useTranslation();
  return (code) => (i18n.exists(`reason.${code}`) ? String(i18n.t(`reason.${code}` as never)) : code);
}
