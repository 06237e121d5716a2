import { isCertificate } from '../cap/signature.ts';
import { Failure } from '../failure.ts';
import type { Policy, PolicyName, policyRoutes } from '../http/contract/policies.ts';
import type { Caller, Handlers } from '../http/handlers.ts';
import type { Policies } from './policies.ts';
import type { Secrets } from './secrets.ts';

/** What an administrator decides for the site. */
export function policyHandlers({
  policies,
  secrets,
}: {
  readonly policies: Policies;
  readonly secrets: Secrets;
}): Handlers<typeof policyRoutes> {
  const get =
    <N extends PolicyName>(name: N) =>
    async () =>
      policies.view(name);
  const set =
    <N extends PolicyName>(name: N) =>
    async ({ body, caller }: { readonly body: Policy<N>; readonly caller: Caller }) =>
      policies.change(name, body, caller.name);
  return {
    'GET /policies/guards': get('guards'),
    'PUT /policies/guards': set('guards'),
    'GET /policies/emergency': get('emergency'),
    'PUT /policies/emergency': set('emergency'),
    'GET /policies/speech': get('speech'),
    'PUT /policies/speech': set('speech'),
    'GET /policies/relay': get('relay'),
    'PUT /policies/relay': set('relay'),
    'GET /policies/cap': get('cap'),
    'PUT /policies/cap': async ({ body, caller }) => {
      refuseUnreadable(body);
      return policies.change('cap', body, caller.name);
    },
    'GET /policies/province': get('province'),
    'PUT /policies/province': set('province'),
    'GET /secrets': async () => secrets.list(),
    'PUT /secrets/{name}': async ({ params: { name }, body: { value }, caller }) =>
      secrets.change(name, value, caller.name),
  };
}

/** A certificate that nobody can check by would silence its sender. @throws Failure 422 `not-a-certificate`. */
function refuseUnreadable({ senders }: Policy<'cap'>): void {
  const wrong = senders.find(({ certificate }) => certificate !== null && !isCertificate(certificate));
  if (wrong === undefined) return;
  const detail = `What is set for ${wrong.sender} is no certificate (PEM) of an RSA key; signatures could not be checked by it.`;
  throw new Failure('not-a-certificate', detail, { status: 422, params: { sender: wrong.sender } });
}
