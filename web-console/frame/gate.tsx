import { useQuery } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { lazy, Suspense, useEffect } from 'react';
import { ask } from '../api/ask.ts';
import { ProblemError } from '../api/problem.ts';
import { openLink } from '../live/link.ts';
import { Problem } from '../parts/problem.tsx';
import { router } from './routes.tsx';
import { Waiting } from './waiting.tsx';

const SignIn = lazy(async () => ({ default: (await import('../pages/entry/sign-in.tsx')).SignIn }));
const NewPassword = lazy(async () => ({
  default: (await import('../pages/entry/new-password.tsx')).NewPassword,
}));

/** Lets in who is signed in, and keeps the address meanwhile: after signing in, the page that was asked for opens. */
export function Gate() {
  const session = useQuery({ ...ask('GET /session'), staleTime: Number.POSITIVE_INFINITY });
  const inside = session.data !== undefined && !session.data.user.mustChangePassword;

  useEffect(() => {
    if (!inside) return;
    const opened = openLink();
    return () => {
      void opened.then((close) => close());
    };
  }, [inside]);

  if (session.data === undefined) {
    if (session.isPending) return <Waiting />;
    if (session.error instanceof ProblemError && session.error.problem.status === 401)
      return (
        <Suspense fallback={<Waiting />}>
          <SignIn />
        </Suspense>
      );
    return (
      <main className="alone">
        <Problem error={session.error} retry={() => void session.refetch()} />
      </main>
    );
  }
  return (
    <Suspense fallback={<Waiting />}>
      {session.data.user.mustChangePassword ? <NewPassword /> : <RouterProvider router={router} />}
    </Suspense>
  );
}
