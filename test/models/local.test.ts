// Models in GGUF files. What needs node-llama-cpp, an optional peer of several hundred megabytes, is skipped without it.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { InputError, ProviderError } from '../../src/errors.ts'
import { openModel } from '../../src/models/_shared/open.ts'
import { sampleOf } from '../../src/models/_shared/sample.ts'
import { isInstalled, missingRuntime, openEngine } from '../../src/models/local/engine.ts'
import local from '../../src/models/local/local.ts'
import { chatText } from '../../src/models/local/template.ts'
import { systemClock } from '../../src/util/clock.ts'
import { ask } from './support.ts'

const fixture = (name: string) => fileURLToPath(new URL(`../fixtures/local/${name}`, import.meta.url))
const tiny = fixture('tiny.gguf')
const open = () => openModel(`local/${tiny}`, { environment: {}, clock: systemClock })
const installed = isInstalled()
const withRuntime = describe.skipIf(!installed)
if (!installed)
  process.stderr.write('skipped: node-llama-cpp is not installed (npm install node-llama-cpp --no-save)\n')

describe('a local model that cannot be had', () => {
  it.each([
    ['local/miniature', /local\/<path/],
    ['local/no/such/file.gguf', /tools\/miniature\.ts/],
  ])('%s is refused with its mend', async (id, mend) => {
    const failure = await openModel(id, { environment: {}, clock: systemClock }).catch(error => error)
    expect(failure).toBeInstanceOf(InputError)
    expect(failure.mend).toMatch(mend)
  })

  it('says how to install the runtime', () => {
    expect(missingRuntime().mend).toContain('npm install node-llama-cpp')
    const state = local.ready({})
    expect(state).toEqual(installed ? { ready: true } : { ready: false, mend: missingRuntime().mend })
  })
})

describe('the conversation in the form of the model', () => {
  const template = (source: string) => ({ source, bos: '<s>', eos: '</s>' })

  it('fills the template up to where the answer begins', () => {
    const source =
      "{{ bos_token }}{% for m in messages %}[{{ m['role'] }}]{{ m['content'] }}{{ eos_token }}{% endfor %}{% if add_generation_prompt %}[assistant]{% endif %}"
    const said = [{ role: 'user', content: 'Hi {{ x }}' }]
    expect(chatText(template(source), said)).toBe('<s>[user]Hi {{ x }}</s>[assistant]')
  })

  it('refuses a template that cannot be filled', () => {
    expect(() => chatText(template('{% for %}'), [])).toThrow(InputError)
  })
})

it('a trial tells samples apart and not trajectories', () => {
  expect(['3', 'abc', 'abc+2', undefined].map(sampleOf)).toEqual(['3', '', '+2', ''])
})

withRuntime('a local model', () => {
  it('splits 200 texts exactly as the tokenizer that it was trained with', async () => {
    const texts = JSON.parse(await readFile(fixture('tokens.json'), 'utf8')) as { text: string; tokens: number[] }[]
    expect(texts.length).toBe(200)
    const engine = await openEngine(tiny)
    for (const { text, tokens } of texts) expect(engine.tokenize(text), text).toEqual(tokens)
  })

  it('says the same at temperature 0 and for the same trial, and something else for another', async () => {
    const model = await open()
    const say = async (temperature: number, trial: string) =>
      (await model.call(ask('hello', { temperature, maxOutputTokens: 24, trial }))).text
    expect(model.simulated).toBe(false)
    expect(await say(0, '1')).toBe(await say(0, '2'))
    expect(await say(1, '1')).toBe(await say(1, '1'))
    expect(await say(1, '1')).not.toBe(await say(1, '2'))
  })

  it('answers the same whatever else is answered at the same time', async () => {
    const model = await open()
    const calls = Array.from({ length: 6 }, (_, i) =>
      ask(`question ${i}`, { temperature: 1, maxOutputTokens: 24, trial: '1' }),
    )
    const together = await Promise.all(calls.map(call => model.call(call)))
    const alone: string[] = []
    for (const call of calls) alone.push((await model.call(call)).text)
    expect(together.map(({ text }) => text)).toEqual(alone)
  })

  it('counts tokens, ends at its limit and streams what it says', async () => {
    const model = await open()
    let shown = ''
    const onDelta = ({ text }: { text: string }) => {
      shown += text
    }
    const reply = await model.call(ask('hello', { temperature: 1, maxOutputTokens: 12, onDelta }))
    expect(reply).toMatchObject({ finish: 'length', usage: { outputTokens: 12 } })
    const engine = await openEngine(tiny)
    expect(reply.usage.inputTokens).toBe(engine.tokenize('<|user|>hello<|end|><|assistant|>').length)
    expect(shown).toBe(reply.text)
  })

  it('stops when it is told to', async () => {
    const model = await open()
    const abort = new AbortController()
    let pieces = 0
    const onDelta = () => {
      if (++pieces === 3) abort.abort(new Error('enough'))
    }
    const call = model.call(ask('hello', { temperature: 1, maxOutputTokens: 400, onDelta, signal: abort.signal }))
    await expect(call).rejects.toThrow('enough')
    expect(pieces).toBeLessThan(10)
    expect((await model.call(ask('hello', { maxOutputTokens: 2 }))).usage.outputTokens).toBeLessThanOrEqual(2)
  })

  it('refuses a conversation that is longer than it can read', async () => {
    const failure = await (await open()).call(ask('7'.repeat(600))).catch(error => error)
    expect(failure).toBeInstanceOf(ProviderError)
    expect(failure.fault).toBe('context-overflow')
  })

  it('refuses a file that is no model, and one that is cut off', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'local-'))
    const whole = await readFile(tiny)
    for (const bytes of [
      Buffer.from('GGUF, or so it says, and much more'),
      Buffer.from('x'),
      whole.subarray(0, 30_000),
    ]) {
      const file = join(folder, 'broken.gguf')
      await writeFile(file, bytes)
      const failure = await openModel(`local/${file}`, { environment: {}, clock: systemClock }).catch(error => error)
      expect(failure).toBeInstanceOf(InputError)
    }
    await rm(folder, { recursive: true })
  }, 30_000)
})
