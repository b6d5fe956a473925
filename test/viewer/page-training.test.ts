// A training's page in a real Chromium, on a log as the trainers write it: losses, curves, figures, taken up again, running on.
import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startViewer, type Viewer } from '../../src/viewer/server.ts'
import { describeInBrowser, overflows, violations } from './browser.ts'

let folder: string
let viewer: Viewer
const startedMs = Date.UTC(2026, 10, 29, 9, 3)

const start = (fromStep: number) => ({
  type: 'training-start',
  atMs: startedMs,
  kind: 'dpo',
  trainer: 'trl',
  baseModel: 'coach-sft/model',
  dataHash: '00d4c1b3f512ed73e862660e3724d546f3822d56089c393c843793e1ec7d5947',
  configHash: '84726342b9783e96c37044ca2f5581967f2605dd8f95c13200ca5844ad3d84d2',
  commit: null,
  rows: 72_011,
  evalRows: 120,
  steps: 400,
  parameters: 971_520,
  trainable: 971_520,
  device: 'cpu, 1 threads',
  fromStep,
})
const step = (at: number, values: object) => ({
  type: 'training-step',
  atMs: startedMs + at,
  step: at,
  epoch: 0.1,
  values,
})
const log = () => join(folder, 'trainings/coach-dpo/log.jsonl')
const line = (event: object) => `${JSON.stringify(event)}\n`

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'viewer-training-'))
  mkdirSync(join(folder, 'trainings/coach-dpo'), { recursive: true })
  const learned = (at: number) =>
    step(at, { loss: 0.69 - at / 2_000, grad_norm: 1.2, learning_rate: 5e-6, 'rewards/accuracies': 0.5 + at / 1_000 })
  const held = step(100, { eval_loss: 0.66, eval_runtime: 1.1458, eval_samples_per_second: 6.109 })
  const events = [start(0), ...[50, 100].map(learned), held, start(100), ...[150, 200].map(learned)]
  writeFileSync(log(), events.map(line).join(''))
  viewer = await startViewer({ runs: [], folder, port: 0, environment: {} })
})
afterAll(async () => {
  await viewer?.close()
  rmSync(folder, { recursive: true, force: true })
})

describeInBrowser('the page of a training', opened => {
  it('shows facts in words, both losses in one picture, and follows the log to its end', async () => {
    const page = await opened.page()
    await page.goto(viewer.address())
    await page.getByRole('link', { name: 'Trainings' }).click()
    await page.getByRole('link', { name: 'coach-dpo' }).click()
    await page.getByRole('heading', { name: 'Loss' }).waitFor()
    const facts = await page.locator('dl.facts').first().textContent()
    for (const words of ['Base model', '72,011', 'Held-out rows', 'Taken up again at step', '00d4c1b3f512…'])
      expect(facts).toContain(words)
    expect(facts).not.toMatch(/atMs|dataHash|Commit/)
    const headings = await page.locator('h2').allInnerTexts()
    expect(headings).toEqual(['Loss', 'grad_norm', 'learning_rate', 'rewards/accuracies', 'Other figures'])
    const rows = await page.locator('table').first().locator('tbody tr').allInnerTexts()
    expect(rows.map(row => row.split(/\s+/).slice(0, 4))).toEqual([
      ['loss', '4', '0.6650', '0.5900'],
      ['eval_loss', '1', '0.6600', '0.6600'],
    ])
    expect(await page.locator('dl.facts').last().textContent()).toMatch(/eval_runtime\s*1\.146/)
    expect(await violations(page)).toEqual([])
    expect(await overflows(page)).toBe(false)
    appendFileSync(log(), line(step(400, { loss: 0.4 })))
    appendFileSync(
      log(),
      line({
        type: 'training-end',
        atMs: startedMs,
        outcome: 'finished',
        model: 'coach-dpo/model',
        why: null,
        mend: null,
      }),
    )
    await page.locator('.state.finished').waitFor({ timeout: 15_000 })
    expect(await page.locator('table').first().textContent()).toContain('0.4000')
    expect(await page.locator('dl.facts').first().textContent()).toContain('400 of 400')
  }, 90_000)
})
