// `codesteer mcp` as clients start it: the official client over stdio, on the real command.
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { draw } from '../../src/draw.ts'
import { fold } from '../../src/fold.ts'
import { load } from '../../src/registry.ts'
import { replay } from '../../src/replay.ts'
import { readTrajectoryFile } from '../../src/store/trajectory-file.ts'
import type { Task } from '../../src/task.ts'
import { type FakeScript, startFakeServer } from '../fake-server/server.ts'
import { until } from '../gateway/support.ts'
import { alive, cli, temporaryFolder } from '../util/cli.ts'
import { asked, call, overStdio, recordsIn, type Spawned, spawnStdio } from './support.ts'

const toolNames = ['steer', 'run_python', 'check_code', 'symbench_draw', 'symbench_judge']

async function onFake(script: FakeScript, args: readonly string[] = []) {
  const upstream = await startFakeServer({ script })
  onTestFinished(() => upstream.close())
  const flags = ['--model', 'openai-compatible/fake', '--base-url', upstream.url, '--checkers', 'none', '--no-ledger']
  return { upstream, ...(await overStdio([...flags, ...args], { CODESTEER_API_KEY: 'sk-upstream-0123456789' })) }
}

let spawned: Spawned
beforeAll(async () => {
  spawned = await spawnStdio(mkdtempSync(join(tmpdir(), 'codesteer-test-')), ['--code-timeout', '5s'])
})
afterAll(async () => {
  await spawned.client.close()
  rmSync(spawned.out, { recursive: true, force: true })
})

describe('the official client over stdio', () => {
  it('lists the tools, each with schemas of what goes in and comes out', async () => {
    const { client } = spawned
    const { tools } = await client.listTools()
    expect(tools.map(tool => tool.name)).toEqual(toolNames)
    for (const tool of tools) {
      expect(tool.description!.length).toBeGreaterThan(40)
      expect(tool.inputSchema).toMatchObject({ type: 'object', additionalProperties: false })
      expect(tool.outputSchema).toMatchObject({ type: 'object' })
      expect(tool.annotations?.destructiveHint).toBe(false)
    }
    expect(tools[0]!.description).toContain('SIMULATED')
    expect(client.getInstructions()).toContain('SIMULATED')
    expect(client.getServerVersion()?.name).toBe('codesteer')
  })

  it('steer: the answer with its evidence, told as it goes, kept as ask keeps it', async () => {
    const { client, out } = spawned
    const heard: { progress: number; message?: string | undefined }[] = []
    const { isError, text, structured } = await call(
      client,
      'steer',
      { question: asked },
      { onprogress: progress => heard.push(progress) },
    )
    expect(isError).toBe(false)
    expect(structured).toMatchObject({
      answer: '9.9',
      answerTurn: 1,
      belief: 'confirmed',
      stop: 'returned',
      simulated: true,
      model: 'simulated/apprentice',
      turns: [{ turn: 1, action: 'text', answer: '9.9', checks: [{ checker: 'self-answer', outcome: 'passed' }] }],
    })
    expect(text).toMatch(/^Answer: 9\.9\n[\s\S]*SIMULATED[\s\S]*Turn 1, text:[\s\S]*Check self-answer, passed/)
    expect(heard.map(one => one.progress)).toEqual(heard.map((_, i) => i + 1))
    expect(heard.map(one => one.message).join('\n')).toMatch(/\[turn 1: text\][\s\S]*\[self-answer: passed\]/)
    expect(recordsIn(out)).toEqual([structured.record])
    const { events } = readTrajectoryFile(String(structured.record))
    expect(fold(events).start.id).toBe(structured.trajectory)
    expect((await replay(events)).divergence).toBeNull()
  })

  it('steer: settings of one call, and a program with its output', async () => {
    const program = '```python\nprint(f"<<<{6 * 7}>>>")\n```'
    const { client, upstream } = await onFake(() => ({ text: program }))
    const { structured, text } = await call(client, 'steer', {
      question: 'What is 6 * 7?',
      coach: 'fixed:code',
      turns: 1,
    })
    expect(upstream.requests).toHaveLength(1)
    expect(structured).toMatchObject({
      answer: '42',
      simulated: false,
      belief: 'unchecked',
      turns: [{ action: 'code', run: { outcome: 'finished', exitCode: 0, stdout: '<<<42>>>\n' } }],
    })
    expect(text).toContain('Program:\nprint(f"<<<{6 * 7}>>>")')
    expect(text).not.toContain('SIMULATED')
  })

  it('run_python: output, input, limits, a crash, and what the sandbox keeps out', async () => {
    const { client } = spawned
    const run = (source: string, more = {}) => call(client, 'run_python', { source, ...more })
    expect((await run('print(6 * 7)')).structured).toMatchObject({ outcome: 'finished', exitCode: 0, stdout: '42\n' })
    expect((await run('print(input()[::-1])', { stdin: 'abc' })).structured.stdout).toBe('cba\n')
    const slow = await run('while True: pass', { timeoutMs: 300 })
    expect(slow.structured).toMatchObject({ outcome: 'timed-out', exitCode: null })
    expect(slow.isError).toBe(false)
    const crash = await run('1 / 0')
    expect(crash.structured).toMatchObject({ outcome: 'finished', exitCode: 1 })
    expect(crash.text).toContain('ZeroDivisionError')
    expect((await run('open("/etc/shadow").read()')).structured.exitCode).toBe(1)
    expect((await run('import os; print(dict(os.environ).get("HOME"), len(os.environ) < 10)')).isError).toBe(false)
  })

  it('check_code: a lazy program and one that searches', async () => {
    const { client } = spawned
    const lazy = await call(client, 'check_code', { source: 'print(42)' })
    expect(lazy.structured).toMatchObject({ outcome: 'failed', lazy: true, method: 'hard-coded' })
    expect(lazy.text).toMatch(/^failed\n[\s\S]*line 1/)
    const search =
      'from itertools import permutations\nprint([p for p in permutations(range(5)) if p[0] < p[1] > p[2]][0])'
    expect((await call(client, 'check_code', { source: search })).structured).toMatchObject({
      lazy: false,
      searching: true,
    })
    expect((await call(client, 'check_code', { source: 'def (' })).structured.error).toMatch(/^line 1/)
  })

  it('symbench_draw and symbench_judge', async () => {
    const { client } = spawned
    const drawn = await call(client, 'symbench_draw', { task: 'number-multiply', level: 1, seed: 5, count: 2 })
    const [question] = drawn.structured.questions as { id: string; prompt: string }[]
    expect(drawn.text).toContain(question!.prompt)
    const judge = (answer: string) => call(client, 'symbench_judge', { id: question!.id, answer })
    const task = await load<Task>('tasks', 'number-multiply')
    const right = task.solve(draw(task, 1, 5).puzzle)
    expect((await judge(right)).structured).toEqual({ id: question!.id, verdict: 'correct', why: null })
    expect((await judge('17')).structured).toEqual({ id: question!.id, verdict: 'incorrect', why: null })
    expect((await judge('  ')).structured).toMatchObject({ verdict: 'no-answer' })
    expect((await judge('hello')).structured).toMatchObject({
      verdict: 'malformed',
      why: expect.stringContaining('number'),
    })
  })
})

describe('bad input comes back as an error that says what to do', () => {
  const cases: [string, Record<string, unknown>, RegExp][] = [
    ['steer', {}, /question must be a text, such as/],
    ['steer', { question: ' \n' }, /question is empty/],
    ['steer', { question: 'x'.repeat(200_001) }, /longer than 200000 characters/],
    ['steer', { question: asked, turns: 99 }, /turns must be a whole number from 1 to 20/],
    ['steer', { question: asked, turn: 2 }, /no argument "turn"\. There are: question, turns/],
    ['steer', { question: asked, coach: 'prompted:openai/gpt-9' }, /coach must be default, rules/],
    ['steer', { question: asked, checkers: ['sorcery'] }, /no checker "sorcery"[\s\S]*self-answer/],
    ['run_python', { source: '' }, /source is empty/],
    ['run_python', { source: 'x', timeoutMs: 1e9 }, /timeoutMs must be a whole number of milliseconds from 10/],
    ['run_python', { source: 'x', memoryBytes: '1G' }, /memoryBytes must be a whole number of bytes/],
    ['check_code', { source: 7 }, /source must be the text of a Python program/],
    ['symbench_draw', { task: 'game24' }, /no task "game24"\. Did you mean "game-24"/],
    ['symbench_draw', { task: 'game-24', level: 77 }, /game-24 has no level 77\. Its levels are 1 to/],
    ['symbench_draw', { task: 'game-24', count: 1_000 }, /count must be a whole number from 1 to 20/],
    ['symbench_judge', { id: 'game-24', answer: '24' }, /"game-24" is no id[\s\S]*game-24@1\/3\/7/],
    ['symbench_judge', { id: 'game-24@99/1/1', answer: '24' }, /version 99[\s\S]*Draw it again/],
    ['symbench_judge', { id: 'sorcery@1/1/1', answer: '24' }, /no task "sorcery"/],
    ['sorcery', {}, /sorcery not found/],
    ['constructor', {}, /constructor/],
  ]
  it('from a client', async () => {
    const { client, out } = spawned
    const before = recordsIn(out)
    for (const [tool, args, words] of cases) {
      const { isError, text } = await call(client, tool, args)
      expect([tool, isError, text]).toEqual([tool, true, expect.stringMatching(words)])
    }
    expect(recordsIn(out)).toEqual(before)
    expect((await call(client, 'run_python', { source: 'print(1)' })).structured.stdout).toBe('1\n')
  })

  it.each([
    [['--model', 'opnai/gpt-4.1'], /Did you mean "openai"/],
    [['--coach', 'wizard'], /no coach "wizard"/],
    [['--sandbox', 'sorcery'], /no sandbox "sorcery"/],
    [['--http', '--host', '0.0.0.0'], /no API key is set[\s\S]*codesteer mcp --http[\s\S]*--no-auth/],
    [['--http', '--api-key', 'short'], /16 characters[\s\S]*openssl/],
  ])('from the command line: %j', async (args, words) => {
    const run = await cli(['mcp', ...args], { cwd: temporaryFolder() })
    expect([run.code, run.stdout]).toEqual([2, ''])
    expect(run.stderr).toMatch(words)
  })

  it('a folder for records that cannot be made, before anything is asked', async () => {
    const folder = temporaryFolder()
    writeFileSync(join(folder, 'file'), '')
    const run = await cli(['mcp', '--out', join(folder, 'file', 'below')])
    expect([run.code, run.stdout]).toEqual([2, ''])
    expect(run.stderr).toMatch(/cannot write[\s\S]*--out DIR/)
  })

  it('a failure of the provider, with its mend; the server goes on', async () => {
    const { client, out } = await onFake(() => ({ status: 401, raw: '{"error": {"message": "wrong key"}}' }))
    const { isError, text, structured } = await call(client, 'steer', { question: asked })
    expect(isError).toBe(true)
    expect(text).toMatch(/There is no answer\.[\s\S]*ended by a failure[\s\S]*CODESTEER_API_KEY/)
    expect(structured).toMatchObject({ answer: null, stop: 'error', error: { kind: 'provider' } })
    expect(fold(readTrajectoryFile(recordsIn(out)[0]!).events).end?.reason).toBe('error')
    expect((await client.listTools()).tools).toHaveLength(5)
  })
})

describe('the protocol on the wire', () => {
  const hello = {
    jsonrpc: '2.0',
    id: 1,
    method: 'initialize',
    params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'raw', version: '1' } },
  }
  const toolCall = (id: number, name: string, args: object) => ({
    jsonrpc: '2.0',
    id,
    method: 'tools/call',
    params: { name, arguments: args },
  })

  it('standard output carries messages and nothing else; noise is passed over; the end of input ends it', async () => {
    const lines = [
      JSON.stringify(hello),
      JSON.stringify({ jsonrpc: '2.0', method: 'notifications/initialized' }),
      'noise that is no JSON',
      '{"jsonrpc": "1.0"}',
      JSON.stringify({ jsonrpc: '2.0', id: 2, method: 'no/such/method' }),
      JSON.stringify(toolCall(3, 'run_python', { source: 'print(1)' })),
      JSON.stringify(toolCall(4, 'check_code', { source: 'print(1)' })),
    ]
    const run = await cli(['mcp', '--out', temporaryFolder()], { input: `${lines.join('\n')}\n` })
    expect(run.code).toBe(0)
    const answers = run.stdout
      .trim()
      .split('\n')
      .map(line => JSON.parse(line) as { jsonrpc: string; id: number; result?: unknown; error?: { code: number } })
    expect(answers.every(answer => answer.jsonrpc === '2.0')).toBe(true)
    expect(answers.map(answer => answer.id).sort()).toEqual([1, 2, 3, 4])
    expect(answers.find(answer => answer.id === 2)!.error!.code).toBe(-32_601)
    expect(run.stderr).toMatch(/simulated apprentice[\s\S]*codesteer mcp: /)
  })

  it('a message without end is not waited for', async () => {
    const input = `${JSON.stringify(hello)}\n${'x'.repeat(9 * 2 ** 20)}`
    const run = await cli(['mcp', '--out', temporaryFolder()], { input })
    expect(run.code).toBe(0)
    expect(run.stderr).toContain('exceeded maximum size')
  })
})

describe('what is cancelled stops', () => {
  it('the call to the provider, when the client cancels', async () => {
    const { client, upstream, out } = await onFake(() => ({ text: 'word '.repeat(500), dripMs: 20 }))
    const abort = new AbortController()
    const asking = call(client, 'steer', { question: asked }, { signal: abort.signal })
    await until('the provider is asked', () => upstream.requests.length === 1, 15_000)
    abort.abort()
    await expect(asking).rejects.toThrow()
    await until('the call upstream is given up', () => upstream.closedEarly === 1)
    await until(
      'the record is closed',
      () => fold(readTrajectoryFile(recordsIn(out)[0]!).events).end?.reason === 'cancelled',
    )
    expect((await call(client, 'run_python', { source: 'print(1)' })).structured.stdout).toBe('1\n')
  })

  it('the running program, when the client cancels and when it goes away', async () => {
    const { client, pid } = await overStdio(['--code-timeout', '60s', '--parallel', '1'])
    const abort = new AbortController()
    const endless = { source: 'while True: pass' }
    const running = call(client, 'run_python', endless, { signal: abort.signal })
    await new Promise(resolve => setTimeout(resolve, 700))
    abort.abort()
    await expect(running).rejects.toThrow()
    // One program at a time: the next one runs only when the endless one is gone.
    expect((await call(client, 'run_python', { source: 'print(2)' })).structured.stdout).toBe('2\n')
    const again = call(client, 'run_python', endless)
    again.catch(() => undefined)
    await new Promise(resolve => setTimeout(resolve, 300))
    await client.close()
    await until('the server has ended', () => !alive(pid), 5_000)
  })

  it('SIGTERM ends it while a call is under way', async () => {
    const { client, upstream, pid } = await onFake(() => ({ silent: true }))
    const asking = call(client, 'steer', { question: asked })
    asking.catch(() => undefined)
    await until('the provider is asked', () => upstream.requests.length === 1, 15_000)
    process.kill(pid, 'SIGTERM')
    await until('the server has ended', () => !alive(pid), 5_000)
    await until('the call upstream is given up', () => upstream.closedEarly === 1)
  })

  it('beyond its places a call is refused at once, and the others go on', async () => {
    const { client, upstream } = await onFake(() => ({ delayMs: 1_500, text: '<<<1>>>' }), ['--concurrency', '1'])
    const first = call(client, 'steer', { question: asked, turns: 1 })
    await until('the provider is asked', () => upstream.requests.length === 1, 15_000)
    const second = await call(client, 'check_code', { source: 'print(1)' })
    expect([second.isError, second.text]).toEqual([true, expect.stringMatching(/all 1 places[\s\S]*--concurrency/)])
    expect((await first).structured.answer).toBe('1')
  })
})

it('keeps its records where it is told, not where it was started', async () => {
  const folder = temporaryFolder()
  const out = join(folder, 'elsewhere')
  mkdirSync(join(folder, 'cwd'))
  await cli(['mcp', '--out', out], { cwd: join(folder, 'cwd') })
  expect(existsSync(join(out, 'trajectories'))).toBe(true)
  expect(existsSync(join(folder, 'cwd', '.codesteer'))).toBe(false)
})
