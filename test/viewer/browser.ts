import { existsSync } from 'node:fs'
import { AxeBuilder } from '@axe-core/playwright'
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect } from 'vitest'

const places = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']
const path = places.find(place => existsSync(place))

/** Quiet: the browser itself asks nobody for anything, so whatever is asked is the page's doing. */
const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
]

export interface PageOptions {
  readonly width?: number
  readonly height?: number
  readonly scheme?: 'light' | 'dark'
  /** Told not to move things. */
  readonly calm?: boolean
}

export interface Opened {
  /** A new page of the browser. What goes wrong on it fails the test: errors, requests to elsewhere, violated policies. */
  page(options?: PageOptions): Promise<Page>
}

/** Tests in a real Chromium; left out, with the reason, only where there is none and nobody demands it. */
export function describeInBrowser(name: string, body: (opened: Opened) => void): void {
  if (!path && !process.env.CI) {
    describe.skip(`${name} (no Chromium here: apt-get install chromium)`, () => body({ page: () => Promise.reject() }))
    return
  }
  describe(name, () => {
    let browser: Browser
    const pages: Page[] = []
    const troubles: string[] = []
    beforeAll(async () => {
      browser = await chromium.launch({ executablePath: path ?? places[0]!, args: flags })
    }, 120_000)
    afterAll(() => browser.close())
    afterEach(async () => {
      await Promise.all(pages.splice(0).map(page => page.context().close()))
      expect(troubles.splice(0)).toEqual([])
    })
    body({
      async page({ width = 1_280, height = 900, scheme = 'light', calm = true } = {}) {
        const context = await browser.newContext({
          viewport: { width, height },
          colorScheme: scheme,
          reducedMotion: calm ? 'reduce' : 'no-preference',
        })
        const page = await context.newPage()
        // A busy machine of two cores is slow; what never comes still fails.
        page.setDefaultTimeout(60_000)
        watch(page, troubles)
        pages.push(page)
        return page
      },
    })
  })
}

function watch(page: Page, troubles: string[]): void {
  page.on('console', message => {
    if (message.type() === 'error' || message.type() === 'warning') troubles.push(`console: ${message.text()}`)
  })
  page.on('pageerror', error => troubles.push(`page: ${error.message}`))
  page.on('request', request => {
    const { protocol, hostname } = new URL(request.url())
    if (hostname !== '127.0.0.1' && protocol !== 'file:' && protocol !== 'data:')
      troubles.push(`asked elsewhere: ${request.url()}`)
  })
}

/** What axe finds wrong with the page as it stands, in words; empty when nothing is. */
export async function violations(page: Page): Promise<string[]> {
  const { violations: found } = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
    .analyze()
  return found.flatMap(({ id, nodes }) =>
    nodes.map(node => `${id}: ${node.target.join(' ')} ${node.failureSummary ?? ''}`),
  )
}

/** Whether the page is wider than its window. */
export const overflows = (page: Page): Promise<boolean> =>
  page.evaluate('document.documentElement.scrollWidth > document.documentElement.clientWidth')
