// A conversation on the viewer's page in a real Chromium: read, stepped through, forked; shown as text whatever it holds.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { LiveMessage, RunListing, Summary, TrajectoryDetail } from '../../src/viewer/api.ts'
import { startViewer, type Viewer } from '../../src/viewer/server.ts'
import { eventsFor, item } from '../contracts/run-store.ts'
import { cli } from '../util/cli.ts'
import { describeInBrowser, overflows, violations } from './browser.ts'
import { writeRun } from './support.ts'

let folder: string
let viewer: Viewer
let run: string
let hostile: string
/** One of codesteer with two turns or more. */
let long: Summary
/** One in whose program the checker saw something. */
let marked: string

const markup = 'no </script><script>window.pwned = 1</script><img src="x" onerror="window.pwned = 2"> tag'

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'viewer-page-'))
  const made = await cli(
    [
      'run',
      ...['--models', 'simulated/apprentice?text=0.2&slips=0', '--methods', 'codesteer,only-question'],
      ...['--tasks', 'letters,standard-sudoku', '--levels', '1,2', '--samples', '2', '-o', 'talks.run'],
    ],
    { cwd: folder },
  )
  expect(made.code, made.stderr).toBe(0)
  const events = eventsFor('hostile', markup).map(event =>
    event.type === 'trajectory-start' ? { ...event, question: { prompt: markup } } : event,
  )
  await writeRun(join(folder, 'hostile.run'), [
    { item: item(1), events, verdict: { verdict: 'incorrect', why: markup }, row: { label: markup } },
  ])
  viewer = await startViewer({
    runs: ['talks.run', 'hostile.run'].map(name => join(folder, name)),
    folder,
    port: 0,
    environment: { PATH: process.env.PATH, HOME: process.env.HOME },
  })
  const listed = await ask<RunListing[]>('runs')
  const named = (name: string) => listed.find(one => one.where.endsWith(name))!.id
  run = named('talks.run')
  hostile = named('hostile.run')
  const { rows } = await ask<{ rows: Summary[] }>(`runs/${run}/rows?label=codesteer&sort=turns&descending=true`)
  long = rows.find(row => row.turns > 1 && row.codeTurns > 0)!
  expect(long).toBeDefined()
  for (const { trajectoryId, codeTurns } of rows) {
    if (codeTurns === 0) continue
    const { steps } = await ask<TrajectoryDetail>(`runs/${run}/trajectories/${trajectoryId}`)
    const saw = steps.some(
      step => step.kind === 'reply' && step.parts.some(part => part.kind === 'code' && part.code.marks.length > 0),
    )
    if (!saw) continue
    marked = trajectoryId
    break
  }
  expect(marked).toBeDefined()
}, 300_000)
afterAll(async () => {
  await viewer?.close()
  rmSync(folder, { recursive: true, force: true })
})

async function ask<T>(path: string): Promise<T> {
  const response = await fetch(`${viewer.url}/api/${path}`, { headers: { authorization: `Bearer ${viewer.token}` } })
  return (await response.json()) as T
}
const place = (id = long.trajectoryId, of = run) => viewer.address(`/runs/${of}/trajectories/${id}`)

const focused = (page: Page): Promise<string | null> =>
  page.evaluate('document.activeElement.getAttribute("data-seq")') as Promise<string | null>

async function open(page: Page, address = place()): Promise<void> {
  await page.goto(address)
  await page.getByRole('heading', { name: 'Turn 1' }).waitFor()
}

describeInBrowser('a trajectory on the page', opened => {
  it('tells question, decisions, replies, programs, checks, verdict and spending', async () => {
    const page = await opened.page()
    await open(page)
    const detail = await ask<TrajectoryDetail>(`runs/${run}/trajectories/${long.trajectoryId}`)
    expect(await page.locator('[data-seq]').count()).toBe(detail.steps.length)
    for (const name of ['Question', 'Turn 1', 'Turn 2', 'How it ended', 'Spent'])
      expect(await page.getByRole('heading', { name, exact: true }).count(), name).toBe(1)
    for (const step of detail.steps) {
      if (step.kind !== 'guidance') continue
      expect(await page.locator(`[data-seq="${step.seq}"]`).textContent()).toContain(step.guidance.reason)
    }
    expect(await page.getByRole('region', { name: 'Outcome' }).textContent()).toContain(detail.verdict!.verdict)
    expect(await page.locator('h1 .simulated').count()).toBe(1)
    expect(await page.getByRole('img', { name: /went: .*task model/ }).count()).toBe(1)
  })

  it('draws a board as a table', async () => {
    const { rows } = await ask<{ rows: Summary[] }>(`runs/${run}/rows?label=codesteer&task=standard-sudoku&limit=1`)
    const detail = await ask<TrajectoryDetail>(`runs/${run}/trajectories/${rows[0]!.trajectoryId}`)
    expect(detail.question.grid).not.toBeNull()
    const page = await opened.page()
    await open(page, place(rows[0]!.trajectoryId))
    expect(await page.locator('table.grid tr').count()).toBe(detail.question.grid!.length)
  })

  it('has line numbers and colours, and the checker’s marks at the keyboard’s reach', {
    timeout: 240_000,
  }, async () => {
    const page = await opened.page()
    await open(page, place(marked))
    const code = page.locator('.code-block:has(.mark)').first()
    expect(await code.locator('.line-number').first().textContent()).toBe('1')
    expect(await code.locator('[class^=t-]').count()).toBeGreaterThan(2)
    const mark = page.locator('.mark').first()
    const words = page.locator(`#${await mark.getAttribute('aria-controls')}`)
    expect(await words.isVisible()).toBe(false)
    await mark.focus()
    await page.keyboard.press('Enter')
    expect(await words.isVisible()).toBe(true)
    expect((await words.textContent())!.trim().length).toBeGreaterThan(10)
  })

  it('is stepped through with the keyboard', async () => {
    const page = await opened.page()
    await open(page)
    const seqs = await page
      .locator('[data-seq]')
      .evaluateAll(all => all.map(one => one.getAttribute('data-seq') as string))
    await page.keyboard.press('j')
    expect(await focused(page)).toBe(seqs[0])
    await page.keyboard.press('j')
    await page.keyboard.press('ArrowRight')
    expect(await focused(page)).toBe(seqs[2])
    expect(await page.locator('[aria-current=step]').getAttribute('data-seq')).toBe(seqs[2])
    await page.keyboard.press('k')
    expect(await focused(page)).toBe(seqs[1])
    await page.keyboard.press(']')
    expect(await page.locator('.turn:has([aria-current=step]) h2').textContent()).toBe('Turn 2')
    await page.keyboard.press('?')
    expect(await page.getByRole('dialog', { name: 'Keys' }).isVisible()).toBe(true)
    await page.getByLabel('Keys are on').uncheck()
    await page.keyboard.press('Escape')
    const before = await focused(page)
    await page.keyboard.press('j')
    expect(await focused(page)).toBe(before)
  })

  it('is forked by force, and the branch ends live beside the original', { timeout: 240_000 }, async () => {
    const page = await opened.page({ width: 1_400 })
    await open(page)
    await page.keyboard.press('j')
    await page.keyboard.press('f')
    await page.getByLabel('Force text').check()
    await page.getByRole('button', { name: 'Run the branch' }).click()
    await page.waitForURL(/branch=/)
    const branch = page.locator('.branch')
    await branch.getByRole('region', { name: 'Outcome' }).waitFor({ timeout: 60_000 })
    expect(await branch.locator('.step.guidance').first().textContent()).toMatch(/Answer in words.*forced by a fork/s)
    expect(await branch.locator('h2 .simulated').count()).toBe(1)
    const original = (await page.getByRole('region', { name: 'The original' }).boundingBox())!
    expect((await branch.boundingBox())!.x).toBeGreaterThan(original.x + original.width)
    await branch.getByRole('link', { name: 'The stored branch' }).click()
    await page.getByText('Branch of').waitFor()
    expect(await page.getByRole('link', { name: long.trajectoryId }).count()).toBe(1)
    expect((await ask<TrajectoryDetail>(`runs/${run}/trajectories/${long.trajectoryId}`)).branches).toHaveLength(1)
  })

  it('is forked with words of one’s own, on a phone below the original', { timeout: 240_000 }, async () => {
    const page = await opened.page({ width: 360, height: 740 })
    await open(page)
    await page.getByRole('button', { name: 'Fork here at turn 2' }).click()
    await page.getByLabel('My own guidance').check()
    await page.getByLabel('Guidance', { exact: true }).fill('Write a program that counts one by one.')
    await page.getByRole('button', { name: 'Run the branch' }).click()
    const branch = page.locator('.branch')
    await branch.getByRole('region', { name: 'Outcome' }).waitFor({ timeout: 60_000 })
    await branch.getByText('What the task model is told').first().click()
    expect(await branch.textContent()).toContain('Write a program that counts one by one.')
    const original = (await page.getByRole('region', { name: 'The original' }).boundingBox())!
    expect((await branch.boundingBox())!.y).toBeGreaterThan(original.y + original.height - 1)
    expect(await overflows(page)).toBe(false)
  })

  it('follows one that is still being made', async () => {
    const detail = await ask<TrajectoryDetail>(`runs/${run}/trajectories/${long.trajectoryId}`)
    const begun: TrajectoryDetail = {
      ...detail,
      over: false,
      answer: null,
      verdict: null,
      steps: detail.steps.slice(0, 1),
    }
    const told: LiveMessage[] = [
      { type: 'step', trajectory: detail.id, step: detail.steps[0]! },
      { type: 'delta', trajectory: detail.id, role: 'task', kind: 'text', text: 'I count ' },
      { type: 'delta', trajectory: detail.id, role: 'task', kind: 'text', text: 'the letters' },
    ]
    const page = await opened.page()
    await page.route('**/api/runs/*/trajectories/*', route => route.fulfill({ json: begun }))
    let times = 0
    await page.route('**/api/live?trajectory=*', route =>
      route.fulfill({
        contentType: 'text/event-stream',
        body: [...told, ...(times++ > 0 ? [{ type: 'over', trajectory: detail.id, detail } as const] : [])]
          .map(message => `data: ${JSON.stringify(message)}\n\n`)
          .join('')
          .concat('retry: 1500\n\n'),
      }),
    )
    await open(page)
    await page.getByText('I count the letters').waitFor()
    expect(await page.getByText('Under way').count()).toBe(1)
    // The stream breaks off; the browser comes back, and hears the end.
    await page.getByRole('region', { name: 'Outcome' }).getByText(detail.verdict!.verdict).waitFor()
    expect(await page.locator('[data-seq]').count()).toBe(detail.steps.length)
    expect(await page.getByText('I count the letters').count()).toBe(0)
  })

  it('shows markup in what a model wrote as text', async () => {
    const page = await opened.page()
    await open(page, place('hostile', hostile))
    expect(await page.locator('.answer-text').textContent()).toBe(markup)
    expect(await page.locator('.step.reply .words').first().textContent()).toContain(markup)
    await page.goto(viewer.address(`/runs/${hostile}`))
    await page.locator('td.heat').first().waitFor()
    await page.goto(viewer.address(`/runs/${hostile}/rows`))
    await page.locator('.list [data-index] a').waitFor()
    expect(await page.locator('.list').textContent()).toContain(markup)
    expect(await page.evaluate('window.pwned')).toBeUndefined()
    expect(await page.locator('main script, main img:not([src^="data:"])').count()).toBe(0)
  })

  it.each(['light', 'dark'] as const)('is found without fault by axe, %s', { timeout: 240_000 }, async scheme => {
    const page = await opened.page({ scheme, width: scheme === 'dark' ? 360 : 1_280 })
    await open(page, place(marked))
    await page.locator('summary').evaluateAll(all => {
      for (const one of all) (one as unknown as { click(): void }).click()
    })
    await page.locator('.mark').first().click()
    await page.locator('.fork-here').first().click()
    expect(await violations(page)).toEqual([])
    expect(await overflows(page)).toBe(false)
  })
})

describeInBrowser('a saved page', opened => {
  it('of a run opens from the disk: table, filters, rows, conversations', { timeout: 240_000 }, async () => {
    const file = join(folder, 'talks.html')
    const saved = await cli(['view', 'talks.run', '--static', file], { cwd: folder })
    expect(saved.code, saved.stderr).toBe(0)
    const page = await opened.page()
    await page.goto(pathToFileURL(file).href)
    await page.locator('td.heat').first().waitFor()
    await page.getByLabel('Level').selectOption('2')
    const counts = async () => (await page.locator('td.heat .fine').allTextContents()).join(' ')
    await expect.poll(counts).toMatch(/\/2\b/)
    expect(await counts()).not.toMatch(/\/4\b/)
    await page.getByRole('link', { name: /failures? of only-question/ }).click()
    await page.locator('.list [data-index] a').first().click()
    await page.getByRole('heading', { name: 'Turn 1' }).waitFor()
    expect(await page.locator('.fork-here').count()).toBe(0)
    await page.goBack()
    await page.getByRole('link', { name: 'Two methods' }).click()
    await page.locator('.sentence').waitFor()
    const here = await page.locator('.sentence').textContent()
    const there = await ask<{ comparisons: { sentence: string }[] }>(`runs/${run}/report?level=2`)
    expect(here).toBe(there.comparisons[0]!.sentence)
    expect(await violations(page)).toEqual([])
  })

  it('of one trajectory shows markup as text, too', { timeout: 240_000 }, async () => {
    const file = join(folder, 'hostile.html')
    const saved = await cli(['view', 'hostile.run', '--trajectory', 'hostile', '--static', file], { cwd: folder })
    expect(saved.code, saved.stderr).toBe(0)
    const page = await opened.page()
    await open(page, pathToFileURL(file).href)
    expect(await page.locator('.answer-text').textContent()).toBe(markup)
    expect(await page.evaluate('window.pwned')).toBeUndefined()
  })
})
