// `codesteer serve` as an operator runs it, and the examples of docs/gateway.md as they stand there.
import { type ChildProcess, execFile } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it, onTestFinished } from 'vitest'
import { type CliRun, cli, temporaryFolder } from '../util/cli.ts'

interface Served {
  readonly url: string
  readonly child: ChildProcess
  readonly ended: Promise<CliRun>
}

/** Starts the real command on a free port and waits until it listens. */
async function serve(args: readonly string[] = [], env: Record<string, string> = {}): Promise<Served> {
  let child!: ChildProcess
  const started = Promise.withResolvers<string>()
  let said = ''
  const ended = cli(['serve', '--port', '0', ...args], {
    env,
    onSpawn(process) {
      child = process
      child.stdout!.on('data', text => {
        said += text
        const url = /on (http:\S+)\/v1/.exec(said)?.[1]
        if (url) started.resolve(url)
      })
    },
  })
  ended.then(run => started.reject(new Error(run.stderr)), started.reject)
  onTestFinished(async () => {
    child.kill('SIGKILL')
    await ended
  })
  return { url: await started.promise, child, ended }
}

const examplesOf = (path: string) =>
  [...readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8').matchAll(/```bash\n(curl[\s\S]*?)\n```/g)].map(
    ([, text]) => text!,
  )
const [onPage, inReadme] = [examplesOf('docs/gateway.md'), examplesOf('README.md')]
const examples = [...onPage, ...inReadme]

describe('codesteer serve', () => {
  it('the curl examples of the page and of the README work as they stand, and the log has a line for each', async () => {
    const out = temporaryFolder()
    const { url, child, ended } = await serve(['--out', out])
    expect([onPage.length, inReadme.length]).toEqual([8, 2])
    const answers: string[] = []
    for (const example of examples) {
      const { stdout } = await promisify(execFile)('bash', ['-c', example.replaceAll('http://127.0.0.1:8080', url)])
      answers.push(stdout)
    }
    const [chat, streamed, responses, body, headers, models, health, numbers] = answers
    expect(JSON.parse(chat!).choices[0].message.content).toContain('<<<9.9>>>')
    expect(streamed).toMatch(/reasoning_content[\s\S]*"usage":\{[\s\S]*data: \[DONE\]/)
    expect(JSON.parse(responses!)).toMatchObject({ object: 'response', status: 'completed' })
    for (const one of [body, headers]) expect(JSON.parse(one!).choices[0].message.content).toBe('9.9')
    expect(JSON.parse(models!).data).toHaveLength(5)
    expect(JSON.parse(health!).status).toBe('ok')
    expect(numbers).toContain('codesteer_requests_total')
    const [plain, fast] = answers.slice(onPage.length)
    expect(JSON.parse(plain!).choices[0].message.content).toContain('<<<9.9>>>')
    expect(fast).toMatch(/reasoning_content[\s\S]*data: \[DONE\]/)
    child.kill('SIGTERM')
    const { code, stderr, stdout } = await ended
    expect(code).toBe(0)
    expect(stdout).toContain('simulated apprentice')
    const log = stderr
      .trim()
      .split('\n')
      .map(line => JSON.parse(line))
    expect(log.map(entry => entry.status)).toEqual(examples.map(() => 200))
  }, 180_000)

  it('takes keys from the environment or a file, and answers on another address only with one', async () => {
    const file = join(temporaryFolder(), 'keys')
    writeFileSync(file, 'a-key-from-a-file-1\n\n')
    const { url } = await serve(['--api-key-file', file, '--host', '0.0.0.0'], {
      CODESTEER_SERVE_KEYS: 'a-key-from-the-environment',
    })
    const ask = async (key: string) =>
      (await fetch(`${url}/v1/models`, { headers: { authorization: `Bearer ${key}` } })).status
    expect(await ask('a-key-from-a-file-1')).toBe(200)
    expect(await ask('a-key-from-the-environment')).toBe(200)
    expect(await ask('a-key-of-nobody-here')).toBe(401)
  })

  it.each([
    [['--host', '0.0.0.0'], /no API key is set[\s\S]*--no-auth/],
    [['--no-auth', '--api-key', 'a-key-of-this-gateway'], /keys and --no-auth/],
    [['--api-key', 'short'], /16 characters[\s\S]*openssl/],
    [['--api-key-file', '/nowhere'], /cannot read \/nowhere: ENOENT/],
    [['--model', 'opnai/gpt-4.1'], /Did you mean "openai"/],
    [['--host', '203.0.113.7', '--no-auth'], /cannot listen on 203\.0\.113\.7/],
    [['--port', '70000'], /--port must be a whole number/],
  ])('%j is refused with its mend', async (args, words) => {
    const run = await cli(['serve', '--port', '0', ...args])
    expect(run.code).toBe(2)
    expect(run.stderr).toMatch(words)
  })

  it('says what to do when the port is taken', async () => {
    const { url } = await serve()
    const run = await cli(['serve', '--port', new URL(url).port])
    expect([run.code, run.stderr]).toEqual([2, expect.stringContaining('EADDRINUSE')])
  })
})
