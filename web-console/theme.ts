import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from '@mantine/core';

/** The one accent. White on shades 6 and 7, and shade 7 on white, exceed 4.5 : 1. */
const river: MantineColorsTuple = [
  '#edf4fd',
  '#d9e6f7',
  '#b0cbee',
  '#84afe5',
  '#6097dd',
  '#4a88d9',
  '#2f72c4',
  '#1f5fae',
  '#1a5299',
  '#124583',
];

/** Mantine's dark greys, turned towards the accent so that inputs and surfaces belong together. */
const slate: MantineColorsTuple = [
  '#e7ebf0',
  '#c3ccd6',
  '#9fabb8',
  '#8d99a6',
  '#36414d',
  '#2a333d',
  '#1c232b',
  '#181f27',
  '#131920',
  '#10151b',
];

/** What stops, removes and warns. White on shades 6 and 7 exceeds 4.5 : 1 too. */
const ember: MantineColorsTuple = [
  '#fff1f0',
  '#fde3e1',
  '#f9c5c1',
  '#f5a19b',
  '#f47e76',
  '#e4554d',
  '#cc2f2f',
  '#b91f1f',
  '#a51a1a',
  '#8b1414',
];

export const theme = createTheme({
  primaryColor: 'river',
  primaryShade: { light: 7, dark: 6 },
  colors: { river, red: ember, dark: slate },
  fontFamily: "'Be Vietnam Pro', system-ui, sans-serif",
  fontFamilyMonospace: "ui-monospace, 'SFMono-Regular', Menlo, Consolas, monospace",
  headings: {
    fontFamily: "'Be Vietnam Pro', system-ui, sans-serif",
    fontWeight: '600',
    sizes: {
      h1: { fontSize: '1.5rem', lineHeight: '1.3' },
      h2: { fontSize: '1.0625rem', lineHeight: '1.4' },
      h3: { fontSize: '0.9375rem', lineHeight: '1.4' },
    },
  },
  defaultRadius: 8,
  radius: { xs: '4px', sm: '6px', md: '8px', lg: '12px', xl: '16px' },
  spacing: { xs: '8px', sm: '12px', md: '16px', lg: '24px', xl: '32px' },
  cursorType: 'pointer',
  focusRing: 'auto',
  respectReducedMotion: true,
  components: {
    Button: { defaultProps: { fw: 500 } },
    Badge: { defaultProps: { fw: 500, tt: 'none', radius: 'sm' } },
    Drawer: { defaultProps: { position: 'right', padding: 'md' } },
    Tooltip: {
      defaultProps: { openDelay: 300, withArrow: true, events: { hover: true, focus: true, touch: true } },
    },
    Modal: { defaultProps: { centered: true } },
  },
});

/** Surfaces and the colours of states. A state is never told by its colour alone: `Mark` adds shape and word. */
export const variables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-body': '#f5f6f8',
    '--mantine-color-text': '#17212c',
    '--mantine-color-dimmed': '#56626f',
    '--mantine-color-placeholder': '#66717d',
    '--mantine-color-error': '#bb2424',
    '--mantine-color-default-border': '#d9dee4',
    '--mantine-color-anchor': '#1f5fae',
    '--surface': '#ffffff',
    '--surface-sunken': '#eef1f4',
    '--line': '#e2e6eb',
    '--accent': '#1f5fae',
    '--accent-soft': '#e5eefa',
    '--good': '#15753b',
    '--good-soft': '#e3f4e9',
    '--warn': '#8f5200',
    '--warn-soft': '#fcf0d9',
    '--bad': '#bb2424',
    '--bad-soft': '#fde8e6',
    '--quiet': '#56626f',
    '--quiet-soft': '#eef1f4',
  },
  dark: {
    '--mantine-color-body': '#10151b',
    '--mantine-color-text': '#e7ebf0',
    '--mantine-color-dimmed': '#9fabb8',
    '--mantine-color-placeholder': '#8d99a6',
    '--mantine-color-error': '#ff8f87',
    '--mantine-color-default': '#1c232b',
    '--mantine-color-default-hover': '#232c36',
    '--mantine-color-default-border': '#36414d',
    '--mantine-color-anchor': '#84b6f4',
    '--surface': '#181f27',
    '--surface-sunken': '#131920',
    '--line': '#2a333d',
    '--accent': '#84b6f4',
    '--accent-soft': '#1b304a',
    '--good': '#5fcb8d',
    '--good-soft': '#16301f',
    '--warn': '#f2b757',
    '--warn-soft': '#35270f',
    '--bad': '#ff8f87',
    '--bad-soft': '#3c1d1c',
    '--quiet': '#9fabb8',
    '--quiet-soft': '#222b34',
  },
});
