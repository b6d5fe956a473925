import { fileURLToPath } from 'node:url'
import { svelte } from '@sveltejs/vite-plugin-svelte'
import { defineConfig } from 'vite'

const here = fileURLToPath(new URL('.', import.meta.url))
const built = fileURLToPath(new URL('../../../dist/viewer/', import.meta.url))

/**
 * Two builds: `dist/viewer/page` (an index.html and its assets, for the server), and with `--mode static`
 * `dist/viewer/page-static` (page.js and page.css, one each, to be written into a file that needs nothing else).
 */
export default defineConfig(({ mode }) => {
  const single = mode === 'static'
  return {
    root: here,
    base: './',
    configFile: false,
    publicDir: false,
    // The seeded draws of a report's bootstrap hash their seed; a saved page must draw the same.
    resolve: { alias: single ? { 'node:crypto': `${here}lib/browser-crypto.ts` } : {} },
    logLevel: 'warn',
    plugins: [svelte({ configFile: false })],
    build: {
      outDir: `${built}${single ? 'page-static' : 'page'}`,
      emptyOutDir: true,
      target: 'es2024',
      modulePreload: { polyfill: false },
      // What is inlined as data: would need leave from the content security policy.
      assetsInlineLimit: 0,
      cssCodeSplit: false,
      chunkSizeWarningLimit: 1_500,
      rolldownOptions: single
        ? {
            input: `${here}main-static.ts`,
            output: { codeSplitting: false, entryFileNames: 'page.js', assetFileNames: 'page[extname]' },
          }
        : {},
    },
  }
})
