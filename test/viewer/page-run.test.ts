// The viewer's page in a real Chromium: from the list of runs to the failing cases of a method.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { LiveMessage, RunListing } from '../../src/viewer/api.ts'
import { startViewer, type Viewer } from '../../src/viewer/server.ts'
import { cli } from '../util/cli.ts'
import { describeInBrowser, overflows, violations } from './browser.ts'
import { largeRun } from './support.ts'

let folder: string
let viewer: Viewer
const runs = { first: '', second: '', large: '' }

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'viewer-page-'))
  const args = ['--models', 'simulated/apprentice', '--tasks', 'letters,game-24,string-splitting']
  const methods = ['--methods', 'codesteer,only-question,all-code-cot']
  const one = cli(['run', ...args, ...methods, '--levels', '1,2', '--samples', '3', '-o', 'first.run'], { cwd: folder })
  const other = cli(['run', ...args, '--methods', 'codesteer', '--levels', '1', '--samples', '2', '-o', 'second.run'], {
    cwd: folder,
  })
  for (const made of await Promise.all([one, other])) expect(made.code, made.stderr).toBe(0)
  await largeRun(join(folder, 'large.run'), 100_000)
  viewer = await startViewer({
    runs: ['first.run', 'second.run', 'large.run'].map(name => join(folder, name)),
    folder,
    port: 0,
    environment: { PATH: process.env.PATH, HOME: process.env.HOME },
  })
  for (const { id, where } of await listings()) {
    for (const name of ['first', 'second', 'large'] as const) if (where.endsWith(`${name}.run`)) runs[name] = id
  }
}, 300_000)
afterAll(async () => {
  await viewer?.close()
  rmSync(folder, { recursive: true, force: true })
})

async function ask<T>(path: string): Promise<T> {
  const response = await fetch(`${viewer.url}/api/${path}`, { headers: { authorization: `Bearer ${viewer.token}` } })
  return (await response.json()) as T
}
const listings = () => ask<RunListing[]>('runs')

const failure = /^(✗ incorrect|✗ malformed|∅ no-answer)$/
const line = '.list [data-index]'

/** The texts of a kind of cell, in the rows that are drawn. */
const cells = (page: Page, kind: string) =>
  page
    .locator(`${line} .${kind}`)
    .evaluateAll(all => all.map(one => one.textContent?.trim().replace(/\s+/g, ' ') ?? ''))

describeInBrowser('the page of runs', opened => {
  it('leads a stranger to the failing cases of a method in three clicks', async () => {
    const page = await opened.page()
    await page.goto(viewer.address())
    const link = page.locator(`a[href="#/runs/${runs.first}"]`)
    await link.click()
    await page.getByRole('link', { name: /failures? of only-question/ }).click()
    await page.locator(line).first().waitFor()
    const verdicts = await cells(page, 'verdict')
    expect(verdicts.length).toBeGreaterThan(0)
    for (const verdict of verdicts) expect(verdict).toMatch(failure)
    expect(new Set(await cells(page, 'label'))).toEqual(new Set(['only-question simulated']))
    await page.locator(`${line} a`).first().click()
    await page.getByRole('heading', { name: 'Turn 1' }).waitFor()
    expect(await page.getByRole('region', { name: 'Outcome' }).textContent()).toMatch(
      /✗ incorrect|✗ malformed|∅ no-answer/,
    )
    expect(await page.locator('h1 .simulated').count()).toBe(1)
  })

  it('shows the table with numbers and intervals, and sorts it by any column', async () => {
    const page = await opened.page()
    await page.goto(viewer.address(`/runs/${runs.first}`))
    const table = page.getByRole('region', { name: 'Right answers by method and task' })
    await table.waitFor()
    const shares = async () =>
      (await table.locator('tbody:not(.averages) tr td:nth-child(4) b').allTextContents()).map(Number)
    await table.getByRole('button', { name: 'only-question' }).click()
    await page.locator('th[aria-sort=ascending] .sort', { hasText: 'only' }).waitFor()
    const up = await shares()
    expect(up).toEqual(up.toSorted((a, b) => a - b))
    await table.getByRole('button', { name: 'only-question' }).click()
    await page.locator('th[aria-sort=descending]').waitFor()
    expect(await shares()).toEqual(up.toReversed())
    const cell = table.locator('td.heat').first()
    expect(await cell.textContent()).toMatch(/\d+\.\d\s*\d+\.\d–\d+\.\d · \d+\/\d+/)
  })

  it('keeps its filters in the address and hands them on to the rows', async () => {
    const page = await opened.page()
    await page.goto(viewer.address(`/runs/${runs.first}`))
    await page.getByLabel('Level').selectOption('2')
    await page.waitForURL(/level=2/)
    await page
      .getByRole('navigation', { name: 'Sections of the run' })
      .getByRole('link', { name: 'Trajectories' })
      .click()
    await page.locator(line).first().waitFor()
    expect(new Set(await cells(page, 'level'))).toEqual(new Set(['level2']))
    await page.locator('.choices').getByLabel('Task').selectOption('letters')
    await page.getByRole('status').getByText('9 trajectories').waitFor()
    await page.reload()
    await page.getByRole('status').getByText('9 trajectories').waitFor()
    await page.getByRole('button', { name: 'Clear all' }).click()
    await page.getByRole('status').getByText('54 trajectories').waitFor()
    const [first] = (await ask<{ rows: { trajectoryId: string }[] }>(`runs/${runs.first}/rows?limit=1`)).rows
    await page.getByRole('searchbox').fill(first!.trajectoryId)
    await page.getByRole('status').getByText('1 trajectory').waitFor()
  })

  it('compares two methods down to the questions where they disagree', async () => {
    const page = await opened.page()
    await page.goto(viewer.address(`/runs/${runs.first}/pairs`))
    await page.locator('.sentence').waitFor()
    expect(await page.locator('.sentence').textContent()).toMatch(/codesteer/)
    const found = await ask<{ rows: unknown[]; both: number; neither: number }>(
      `runs/${runs.first}/disagreements?a=codesteer&b=only-question`,
    )
    await page.getByText(`by both, ${found.neither} by neither`).waitFor()
    const links = page.getByRole('region', { name: /one of the two answered rightly/ }).getByRole('link')
    expect(await links.count()).toBe(2 * found.rows.length)
    await links.first().click()
    await page.getByRole('heading', { name: 'Turn 1' }).waitFor()
  })

  it('compares runs', async () => {
    const page = await opened.page()
    await page.goto(viewer.address())
    for (const name of ['first', 'second'] as const) {
      await page.locator(`tr:has(a[href="#/runs/${runs[name]}"]) input[type=checkbox]`).check()
    }
    await page.getByRole('button', { name: 'Compare 2 runs' }).click()
    await page.getByRole('heading', { name: 'Paired comparisons' }).waitFor()
    expect(await page.locator('.heat thead th').count()).toBe(2 + 3 + 1)
  })

  it('draws curves and costs as pictures that say what they show, with the numbers beside them', async () => {
    const page = await opened.page()
    await page.goto(viewer.address(`/runs/${runs.first}/levels`))
    await page.locator('.chart svg text').first().waitFor()
    expect(await page.getByRole('img', { name: /over levels 1 to 2, one line for each of 3 methods/ }).count()).toBe(1)
    await page.goto(viewer.address(`/runs/${runs.first}/cost`))
    await page.locator('.chart svg text').first().waitFor()
    expect(await page.locator('.chart svg').textContent()).toContain('codesteer')
    await page.goto(viewer.address(`/runs/${runs.first}/checkers`))
    await page.getByRole('heading', { name: 'self-answer' }).waitFor()
  })

  it('follows a running run', async () => {
    const page = await opened.page()
    const [listing] = (await listings()).filter(run => run.id === runs.first)
    const running: RunListing = { ...listing!, state: 'running', done: 20 }
    const told: LiveMessage[] = [
      { type: 'run-changed', run: running.id, listing: running },
      { type: 'progress', run: running.id, done: 30, left: 24, perMinute: 120, leftMs: 12_000 },
    ]
    await page.route('**/api/live', route =>
      route.fulfill({
        contentType: 'text/event-stream',
        body: told.map(message => `data: ${JSON.stringify(message)}\n\n`).join(''),
      }),
    )
    await page.goto(viewer.address())
    await page.getByText('30 of 54, 120 a minute, about 12 s left').waitFor()
    expect(await page.getByRole('progressbar').getAttribute('value')).toBe('30')
  })
})

describeInBrowser('a run of 100,000 trajectories', opened => {
  it('is scrolled and sorted without being fetched', async () => {
    const page = await opened.page()
    let pagesAsked = 0
    page.on('request', request => {
      if (request.url().includes('/rows?')) pagesAsked++
    })
    await page.goto(viewer.address(`/runs/${runs.large}/rows`))
    await page.getByRole('status').getByText('100,000 trajectories').waitFor()
    expect(await page.getByRole('table', { name: 'Trajectories' }).getAttribute('aria-rowcount')).toBe('100001')
    const list = page.locator('.list')
    await list.evaluate(element => element.scrollTo(0, element.scrollHeight))
    await page.locator('[data-index="99999"] a').waitFor()
    expect(await page.locator(line).count()).toBeLessThan(80)
    const began = Date.now()
    await page.getByRole('columnheader', { name: 'Tokens' }).getByRole('button').click()
    await page.locator('[role=columnheader][aria-sort=ascending]').waitFor()
    await page.locator(`${line} a`).first().waitFor()
    // A bound for a busy machine of two cores; alone it takes a few tenths of a second.
    expect(Date.now() - began).toBeLessThan(5_000)
    const tokens = (await cells(page, 'tokens')).map(text => Number.parseFloat(text.replace(',', '')))
    expect(tokens).toEqual(tokens.toSorted((a, b) => a - b))
    expect(pagesAsked).toBeLessThan(12)
    await page.locator('[data-index="0"] a').focus()
    await page.keyboard.press('ArrowDown')
    await page.locator('[data-index="1"] a:focus').waitFor()
  })
})

describeInBrowser('every main page', opened => {
  const places = (): Record<string, readonly [string, string]> => ({
    runs: ['', '.runs a'],
    table: [`/runs/${runs.first}`, 'td.heat'],
    rows: [`/runs/${runs.first}/rows?only=failures`, `${line} a`],
    levels: [`/runs/${runs.first}/levels`, '.chart svg text'],
    cost: [`/runs/${runs.first}/cost`, '.chart svg text'],
    checkers: [`/runs/${runs.first}/checkers`, 'td'],
    pairs: [`/runs/${runs.first}/pairs`, '.sentence'],
    plan: [`/runs/${runs.first}/plan`, '.output'],
    compare: [`/compare?runs=${runs.first},${runs.second}`, 'td.heat'],
    trainings: ['/trainings', 'main p'],
  })
  const both = ['light', 'dark'] as const
  it.each(both)('is found without fault by axe, %s', { timeout: 240_000 }, async scheme => {
    const page = await opened.page({ scheme })
    for (const [name, [place, ready]] of Object.entries(places())) {
      await page.goto(viewer.address(place))
      await page.locator(ready).first().waitFor()
      expect(await violations(page), `${name}, ${scheme}`).toEqual([])
    }
  })

  it('fits a window of 360 pixels', { timeout: 120_000 }, async () => {
    const page = await opened.page({ width: 360, height: 740 })
    for (const [name, [place, ready]] of Object.entries(places())) {
      await page.goto(viewer.address(place))
      await page.locator(ready).first().waitFor()
      expect(await overflows(page), name).toBe(false)
    }
  })

  it('keeps the colours that were chosen', async () => {
    const page = await opened.page({ scheme: 'light' })
    await page.goto(viewer.address())
    const paper = () => page.evaluate('getComputedStyle(document.body).backgroundColor')
    const light = await paper()
    await page.getByLabel('Colours').selectOption('dark')
    const dark = await paper()
    expect(dark).not.toBe(light)
    await page.reload()
    await page.getByRole('heading', { name: 'Runs' }).waitFor()
    expect(await paper()).toBe(dark)
  })
})
