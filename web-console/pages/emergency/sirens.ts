import { useQuery } from '@tanstack/react-query';
import type { Asset } from '#controller/http/contract/library';
import { ask } from '../../api/ask.ts';

/** The sirens of the library, and the one that the site's policy takes. Undefined until both are known. */
export function useSirens(): { sirens: Asset[]; usual: string | null } | undefined {
  const assets = useQuery(ask('GET /assets', { query: { state: 'ready' } })).data;
  const policy = useQuery(ask('GET /policies/emergency')).data?.value;
  if (assets === undefined || policy === undefined) return undefined;
  const sirens = assets.filter(({ source }) => source === 'siren');
  const usual =
    policy.sirenAssetId !== null && sirens.some(({ id }) => id === policy.sirenAssetId)
      ? policy.sirenAssetId
      : (sirens[0]?.id ?? null);
  return { sirens, usual };
}
