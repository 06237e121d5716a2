import { type UseQueryResult, useQuery } from '@tanstack/react-query';
import { problemOf, unreachable } from '../../api/problem.ts';

/** An answer that is not JSON, as it came. @param address of this controller's interface. */
export function useText(address: string): UseQueryResult<string> {
  return useQuery({
    queryKey: ['text', address],
    queryFn: async () => {
      let response: Response;
      let text: string;
      try {
        response = await fetch(address, { credentials: 'same-origin' });
        text = await response.text();
      } catch (error) {
        throw unreachable(error);
      }
      if (!response.ok) throw problemOf(response.status, text);
      return text;
    },
  });
}
