import '@fontsource/be-vietnam-pro/latin-400.css';
import '@fontsource/be-vietnam-pro/latin-500.css';
import '@fontsource/be-vietnam-pro/latin-600.css';
import '@fontsource/be-vietnam-pro/vietnamese-400.css';
import '@fontsource/be-vietnam-pro/vietnamese-500.css';
import '@fontsource/be-vietnam-pro/vietnamese-600.css';
import '@mantine/core/styles.css';
import '@mantine/notifications/styles.css';
import './styles.css';
import { MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { answers } from './api/ask.ts';
import { Gate } from './frame/gate.tsx';
import { useWatched } from './live/store.ts';
import { studioDark } from './pages/on-air/studio-dark.ts';
import { theme, variables } from './theme.ts';
import { startWords } from './words/i18n.ts';

const root = document.getElementById('root');
if (root === null) throw new Error('The page has no element #root to put the console into');

await startWords();
createRoot(root).render(
  <StrictMode>
    <Console />
  </StrictMode>,
);

function Console() {
  const dark = useWatched(studioDark, (value) => value);
  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={variables}
      defaultColorScheme="auto"
      {...(dark ? { forceColorScheme: 'dark' } : {})}
    >
      <QueryClientProvider client={answers}>
        <Notifications position="bottom-center" containerWidth={460} />
        <Gate />
      </QueryClientProvider>
    </MantineProvider>
  );
}
