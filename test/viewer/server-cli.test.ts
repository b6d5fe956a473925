// The viewer on the command line: view, and the --view of ask and run.
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { LiveMessage, RowPage, RunListing, StaticData } from '../../src/viewer/api.ts'
import { cli, temporaryFolder } from '../util/cli.ts'
import { demoRun, messages } from './support.ts'

const main = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url))

interface Serving {
  readonly child: ChildProcess
  readonly address: URL
  readonly token: string
  readonly stdout: () => string
  get<T>(path: string): Promise<T>
  /** Ctrl-C, and the exit code. */
  stop(): Promise<number | null>
}

/** Starts a command that serves, and waits for its address. */
async function serving(args: readonly string[], cwd: string): Promise<Serving> {
  const child = spawn(process.execPath, [main, ...args], {
    cwd,
    env: { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '', NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  let [stdout, stderr] = ['', '']
  const ended = new Promise<number | null>(resolve => child.on('close', resolve))
  const address = await new Promise<URL>((resolve, reject) => {
    const look = () => {
      const found = /http:\/\/127\.0\.0\.1:\d+\/\?token=[\w-]+(#[^\s"]*)?/.exec(stdout + stderr)
      if (found) resolve(new URL(found[0]))
    }
    child.stdout.setEncoding('utf8').on('data', text => {
      stdout += text
      look()
    })
    child.stderr.setEncoding('utf8').on('data', text => {
      stderr += text
      look()
    })
    void ended.then(code => reject(new Error(`ended with ${code}: ${stderr}`)))
  })
  const token = address.searchParams.get('token')!
  const ask = (path: string) => fetch(address.origin + path, { headers: { authorization: `Bearer ${token}` } })
  return {
    child,
    address,
    token,
    stdout: () => stdout,
    get: async path => (await (await ask(path)).json()) as never,
    async stop() {
      child.kill('SIGINT')
      return ended
    },
  }
}

describe('codesteer view', () => {
  it('says where it listens as one JSON value, serves the built page, and ends with Ctrl-C', async () => {
    const folder = temporaryFolder()
    await demoRun(folder)
    const one = await serving(['view', 'demo.run', '--json'], folder)
    const said = JSON.parse(one.stdout()) as { address: string; port: number; token: string; runs: RunListing[] }
    expect(said.runs).toEqual([expect.objectContaining({ name: 'demo', where: 'demo.run', done: 16 })])
    expect(said.address).toBe(`http://127.0.0.1:${said.port}/?token=${said.token}#/runs/${said.runs[0]!.id}`)
    expect(await one.get('/api/runs')).toHaveLength(1)
    const page = await fetch(said.address)
    // Without its cookie the redirected request is a stranger's: fetch keeps none.
    expect(page.status).toBe(401)
    const html = await (await fetch(one.address.origin, { headers: { authorization: `Bearer ${said.token}` } })).text()
    expect(html).toMatch(/<div id="app">/)
    expect(html).not.toMatch(/<script(?![^>]* src=)/)
    expect(await one.stop()).toBe(0)
  }, 120_000)

  it.each([
    [['view', 'none.run'], /codesteer run/],
    [['view', 'none.jsonl'], /codesteer ask/],
    [['view', '--trajectory', 'zzz', 'demo.run'], /names/],
    [['view', '--static', 'out.html'], /--trajectory/],
    [['view', '--port', '99999'], /--port/],
    [['view', 'demo.run', '--static', 'no/such/folder.html'], /--static/],
  ])(
    'refuses with the mend: %j',
    async (args, mend) => {
      const folder = temporaryFolder()
      await demoRun(folder)
      const { code, stderr } = await cli(args, { cwd: folder })
      expect([code, stderr]).toEqual([2, expect.stringMatching(mend)])
    },
    120_000,
  )

  it('saves a run as one file that loads and sends nothing', async () => {
    const folder = temporaryFolder()
    await demoRun(folder)
    const { code, stdout, stderr } = await cli(['view', 'demo.run', '--static', 'out.html', '--json'], { cwd: folder })
    expect(code, stderr).toBe(0)
    const html = readFileSync(join(folder, 'out.html'), 'utf8')
    expect(JSON.parse(stdout)).toEqual({ file: 'out.html', bytes: Buffer.byteLength(html) })
    const data = JSON.parse(/id="codesteer-data">(.*?)<\/script>/s.exec(html)![1]!) as StaticData
    if (data.kind !== 'run') throw new Error('no run')
    expect([data.rows.length, data.trajectories.length, data.report.counts.done]).toEqual([16, 16, 16])
    expect(html).not.toMatch(/<(script|link|img|iframe)[^>]*(src|href)=/i)
  }, 120_000)

  it('saves a trajectory', async () => {
    const folder = temporaryFolder()
    await demoRun(folder)
    const args = ['view', 'demo.run', '--trajectory', 't16', '--static', 'one.html']
    const { code, stderr } = await cli(args, { cwd: folder })
    expect([code, stderr]).toEqual([0, expect.stringMatching(/wrote one\.html/)])
    const html = readFileSync(join(folder, 'one.html'), 'utf8')
    expect(html).toMatch(/"kind":"trajectory","trajectory":\{"id":"t16"/)
    expect(existsSync(join(folder, '.codesteer'))).toBe(false)
  }, 120_000)
})

describe('ask --view', () => {
  it('streams into the page, which stays until Ctrl-C; the exit code is the answer’s', async () => {
    const folder = temporaryFolder()
    const one = await serving(['ask', '--task', 'letters', '--view', '--no-open', '--json'], folder)
    const place = /^#\/runs\/asked\/trajectories\/(\S+)$/.exec(one.address.hash)
    const id = place![1]!
    const told = await messages<LiveMessage>(
      await fetch(`${one.address.origin}/api/live?trajectory=${id}`, {
        headers: { authorization: `Bearer ${one.token}` },
      }),
    )
    expect(told.at(-1)).toMatchObject({ type: 'over', detail: { id, over: true } })
    expect(told.filter(one => one.type === 'step').length).toBeGreaterThan(3)
    const over = told.at(-1)
    const right = over?.type === 'over' && over.detail.verdict?.verdict === 'correct'
    // It is over, and the page is still there.
    expect(await one.get<RunListing[]>('/api/runs')).toEqual([expect.objectContaining({ id: 'asked', done: 1 })])
    const events = one.stdout().trimEnd().split('\n')
    expect(events.map(line => JSON.parse(line).type).at(-1)).toBe('trajectory-end')
    expect(await one.stop()).toBe(right ? 0 : 1)
  }, 120_000)
})

describe('run --view', () => {
  it('shows the run while it is made and afterwards; Ctrl-C ends it', async () => {
    const folder = temporaryFolder()
    const args = ['--methods', 'codesteer', '--models', 'simulated/apprentice', '--tasks', 'letters', '--samples', '4']
    const one = await serving(['run', ...args, '-o', 'x.run', '--view', '--no-open'], folder)
    const id = /^#\/runs\/(\S+)$/.exec(one.address.hash)![1]!
    expect(await one.get(`/api/runs/${id}`)).toMatchObject({ planned: expect.any(Number) })
    const told = await messages<LiveMessage>(
      await fetch(`${one.address.origin}/api/live?run=${id}`, { headers: { authorization: `Bearer ${one.token}` } }),
      all => all.some(message => message.type === 'run-changed' && message.listing.state === 'finished'),
    )
    expect(told.some(message => message.type === 'run-changed')).toBe(true)
    const [run] = await one.get<RunListing[]>('/api/runs')
    expect((await one.get<RowPage>(`/api/runs/${id}/rows`)).total).toBe(run!.done)
    expect(await one.stop()).toBe(0)
    // The journal is home and the lock is gone.
    expect(['x.run-wal', 'x.run-lock'].filter(name => existsSync(join(folder, name)))).toEqual([])
  }, 180_000)

  it('is refused beside a queue', async () => {
    const args = ['--methods', 'codesteer', '--models', 'simulated/apprentice', '--tasks', 'letters']
    const { code, stderr } = await cli(['run', ...args, '--name', 'x', '--queue', 'postgres://a@b/c', '--view'])
    expect([code, stderr]).toEqual([2, expect.stringMatching(/codesteer view/)])
  })
})
