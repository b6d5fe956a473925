// Draws the pictures of the viewer in docs/images again: npm run pictures [-- RUN]
// A simulated run of a few minutes, shown in a real Chromium. Needs Chromium (apt-get install chromium).
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { chromium, type Page } from 'playwright-core'
import type { RowPage, RunListing } from '../src/viewer/api.ts'
import { startViewer } from '../src/viewer/server.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const plan = {
  name: 'ladder',
  methods: 'codesteer,only-question,all-code-cot,code-interpreter',
  tasks: 'game-24,path-plan,number-multiply,reversi,letters,logical-deduction,standard-sudoku,2048',
  levels: '1,2,3,4,5',
  samples: '3',
}

const folder = mkdtempSync(join(tmpdir(), 'viewer-pictures-'))
try {
  const given = process.argv[2]
  const file = given ?? join(folder, 'ladder.run')
  const flags = Object.entries(plan).flatMap(([name, value]) => [`--${name}`, value])
  const command = ['src/cli/main.ts', 'run', ...flags, '--models', 'simulated/apprentice', '--yes', '--out', file]
  if (given === undefined) execFileSync(process.execPath, command, { cwd: root, stdio: 'inherit' })
  await draw(file)
} finally {
  rmSync(folder, { recursive: true, force: true })
}

async function draw(file: string): Promise<void> {
  const viewer = await startViewer({ runs: [file], folder, port: 0, environment: process.env })
  const browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu'],
  })
  try {
    const ask = async <T>(path: string): Promise<T> => {
      const headers = { authorization: `Bearer ${viewer.token}` }
      return (await (await fetch(`${viewer.url}/api/${path}`, { headers })).json()) as T
    }
    const run = (await ask<RunListing[]>('runs'))[0]!.id
    const page = async (at: string, size: { width: number; height: number }, colorScheme: 'light' | 'dark') => {
      const context = await browser.newContext({ viewport: size, colorScheme, reducedMotion: 'reduce' })
      const opened = await context.newPage()
      await opened.goto(viewer.address(at))
      return opened
    }
    const keep = (shown: Page, name: string) => shown.screenshot({ path: join(root, `docs/images/viewer-${name}.png`) })

    const table = await page(`/runs/${run}`, { width: 1_120, height: 760 }, 'light')
    await table.getByRole('link', { name: /failures? of only-question/ }).waitFor()
    await keep(table, 'table')

    const phone = await page(`/runs/${run}`, { width: 390, height: 760 }, 'dark')
    await phone.getByRole('link', { name: /failures? of only-question/ }).click()
    await phone.locator('a[href*="/trajectories/"]').first().waitFor()
    await phone.waitForTimeout(1_000)
    await keep(phone, 'phone')

    const cost = await page(`/runs/${run}`, { width: 900, height: 840 }, 'light')
    await cost.getByRole('link', { name: 'Cost' }).click()
    await cost.locator('svg').first().waitFor()
    await cost.waitForTimeout(1_000)
    await keep(cost, 'cost')

    // One that went from a lazy program to a real one.
    const { rows } = await ask<RowPage>(
      `runs/${run}/rows?label=codesteer&task=number-multiply&sort=turns&descending=true`,
    )
    const talk = rows.find(row => row.codeTurns > 1) ?? rows[0]!
    const fork = await page(`/runs/${run}/trajectories/${talk.trajectoryId}`, { width: 1_400, height: 900 }, 'dark')
    await fork.getByRole('button', { name: 'Fork here at turn 1' }).click()
    await fork.getByLabel('Force text').check()
    await fork.getByRole('button', { name: 'Run the branch' }).click()
    await fork.locator('.branch').getByRole('region', { name: 'Outcome' }).waitFor({ timeout: 60_000 })
    await fork.getByRole('heading', { name: 'The original' }).scrollIntoViewIfNeeded()
    await fork.locator('.branch').evaluate(branch => branch.scrollIntoView())
    await keep(fork, 'fork')
  } finally {
    await browser.close()
    await viewer.close()
  }
}
