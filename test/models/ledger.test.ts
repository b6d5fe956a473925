import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ProviderError, StoreError } from '../../src/errors.ts'
import { type Flight, type Ledger, type LedgerOptions, openLedger } from '../../src/models/_shared/ledger.ts'
import { ledgerFetch } from '../../src/models/_shared/ledger-fetch.ts'
import { openModel, wrapModel } from '../../src/models/_shared/open.ts'
import { inScope } from '../../src/models/_shared/scope.ts'
import { systemClock } from '../../src/util/clock.ts'
import { type FakeReply, type FakeServer, startFakeServer } from '../fake-server/server.ts'
import { ask, openFake } from './support.ts'

let folder: string
let path: string
let server: FakeServer
const open: Ledger[] = []
const children: ChildProcess[] = []

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ledger-'))
  path = join(folder, 'ledger.sqlite')
  server = await startFakeServer()
})
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
  for (const ledger of open.splice(0)) ledger.close()
  await server.close()
  await rm(folder, { recursive: true })
})

function ledgerAt(where = path, options: Partial<LedgerOptions> = {}): Ledger {
  const ledger = openLedger(where, { clock: systemClock, ...options })
  open.push(ledger)
  return ledger
}

function closeNow(ledger: Ledger): void {
  open.splice(open.indexOf(ledger), 1)
  ledger.close()
}

function startChild(question: string, linger = false) {
  const script = fileURLToPath(new URL('ledger-child.ts', import.meta.url))
  const child = spawn(process.execPath, [script, path, server.url, question, ...(linger ? ['linger'] : [])], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  children.push(child)
  return child
}

async function firstLine(child: ReturnType<typeof startChild>): Promise<unknown> {
  const [chunk] = await once(child.stdout, 'data')
  return JSON.parse(String(chunk))
}

describe('a recorded call', () => {
  it('is not made again, in this process or the next', async () => {
    const first = ledgerAt()
    const made = await (await openFake(server, { ledger: first })).call(ask())
    const again = await (await openFake(server, { ledger: first })).call(ask())
    closeNow(first)
    const later = await (await openFake(server, { ledger: ledgerAt() })).call(ask())
    expect(server.requests).toHaveLength(1)
    expect([made.fromLedger, again.fromLedger, later.fromLedger]).toEqual([false, true, true])
    expect({ ...later, tookMs: 0, fromLedger: false }).toEqual({ ...made, tookMs: 0 })
    expect(later.tookMs).toBe(again.tookMs)
  })

  it('serves a whole call and a streamed one alike', async () => {
    server.script([{ text: '<think>hm</think>some words' }])
    const model = await openFake(server, { ledger: ledgerAt() })
    for (const [words, first, second] of [['a', undefined, () => {}] as const, ['b', () => {}, undefined] as const]) {
      const one = await model.call(ask(words, first && { onDelta: first }))
      const two = await model.call(ask(words, second && { onDelta: second }))
      expect([two.text, two.reasoning, two.fromLedger]).toEqual([one.text, one.reasoning, true])
    }
    expect(server.requests).toHaveLength(2)
    let shown = ''
    await model.call(
      ask('a', {
        onDelta: ({ text }) => {
          shown += text
        },
      }),
    )
    expect(shown).toBe('hmsome words')
  })

  it('is another one for another trial or another question', async () => {
    const model = await openFake(server, { ledger: ledgerAt() })
    await model.call(ask('a', { trial: '0' }))
    await model.call(ask('a', { trial: '1' }))
    await model.call(ask('b', { trial: '0' }))
    await model.call(ask('b', { trial: '0', temperature: 1 }))
    expect(server.requests).toHaveLength(4)
  })

  it('is on the disk before anybody sees that it is whole', async () => {
    server.script([{ text: 'one two three four', dripMs: 15, pieceLength: 4 }])
    const ledger = ledgerAt()
    const model = await openFake(server, { ledger })
    const seen: number[] = []
    await model.call(ask('x', { onDelta: () => seen.push(ledger.stats().done) }))
    expect(seen.length).toBeGreaterThan(2)
    expect(seen.at(0)).toBe(0)
    expect(ledger.stats()).toEqual({ done: 1, underWay: 0, maybePaid: 0, failedAttempts: {} })
  })
})

describe('ledgerFetch', () => {
  const events = ['data: {"a":1}\n\n', 'data: {"choices":[{"finish_', 'reason":"stop"}]}\n\n', 'data: [DONE]\n\n']

  /** A ledger whose disk is as slow as the test wants, and a fetch that answers with the given pieces. */
  function slowDisk(pieces: readonly string[], type: string) {
    const written = Promise.withResolvers<void>()
    let began = false
    const unexpected = () => Promise.reject(new Error('not expected'))
    const flight: Flight = {
      sent: () => {},
      done: () => {
        began = true
        return written.promise
      },
      failed: unexpected,
      unsent: unexpected,
    }
    const ledger = { turn: async () => ({ flight }) } as unknown as Ledger
    const body = ReadableStream.from(pieces.map(piece => new TextEncoder().encode(piece)))
    const real = async () => new Response(body as ReadableStream<Uint8Array>, { headers: { 'content-type': type } })
    return { fetch: ledgerFetch(real, ledger, 'm'), written, writing: () => began }
  }
  const scope = () => ({
    trial: '0',
    responseFormat: undefined,
    notes: new Set<string>(),
    requestHash: null,
    fromLedger: false,
    recordedMs: null,
    enter: async () => {},
    answered: () => {},
  })
  const post = (body: object) => ({ method: 'POST', body: JSON.stringify(body) })

  it('gives a whole answer to nobody before it is written', async () => {
    const disk = slowDisk(['{"a":1}'], 'application/json')
    let seen = false
    const answer = inScope(scope(), () => disk.fetch('https://h/v1', post({}))).then(response => {
      seen = true
      return response.text()
    })
    await expect.poll(disk.writing).toBe(true)
    expect(seen).toBe(false)
    disk.written.resolve()
    expect(await answer).toBe('{"a":1}')
  })

  it('gives the end of a stream to nobody before it is written, even when the sign of the end is cut in two', async () => {
    const disk = slowDisk(events, 'text/event-stream')
    const response = await inScope(scope(), () => disk.fetch('https://h/v1', post({ stream: true })))
    let seen = ''
    const reading = (async () => {
      for await (const piece of response.body!.pipeThrough(new TextDecoderStream())) seen += piece
    })()
    await expect.poll(disk.writing).toBe(true)
    expect(seen).toBe(events.slice(0, 2).join(''))
    disk.written.resolve()
    await reading
    expect(seen).toBe(events.join(''))
  })
})

describe('what is no whole answer', () => {
  const bad: [string, FakeReply, object][] = [
    ['an HTTP error', { status: 500 }, { 'http-error': 1 }],
    ['broken JSON', { raw: '{"choices": [' }, { 'bad-response': 1 }],
    ['JSON that is no completion', { raw: '{"choices": []}' }, { 'bad-response': 1 }],
    ['a cut body', { text: 'a long enough answer', cutAfter: 3 }, { cut: 1 }],
  ]
  it.each(bad)('%s is recorded as an attempt and never served', async (_, reply, failedAttempts) => {
    let asked = 0
    server.script(() => (asked++ === 0 ? reply : { text: 'good' }))
    const ledger = ledgerAt()
    const model = await openFake(server, { ledger })
    expect(await model.call(ask())).toMatchObject({ text: 'good', attempts: 2, fromLedger: false })
    expect(ledger.stats()).toEqual({ done: 1, underWay: 0, maybePaid: 0, failedAttempts })
    expect(await model.call(ask())).toMatchObject({ text: 'good', fromLedger: true })
  })

  it.each([
    ['cut', { text: 'a long enough answer', cutAfter: 4 }],
    ['ended too early', { text: 'a long enough answer', endAfter: 4 }],
  ])('a stream %s is not done', async (_, reply) => {
    let asked = 0
    server.script(() => (asked++ === 0 ? reply : { text: 'good' }))
    const ledger = ledgerAt()
    const model = await openFake(server, { ledger })
    expect(await model.call(ask('x', { onDelta: () => {} }))).toMatchObject({ text: 'good', attempts: 2 })
    expect(ledger.stats()).toMatchObject({ done: 1, failedAttempts: { cut: 1 } })
  })

  it('a failure told within a stream is asked for again', async () => {
    const error = 'data: {"error": {"message": "overloaded"}}\n\ndata: [DONE]\n\n'
    server.script([{ raw: error }, { text: 'good' }])
    const model = await openFake(server, { ledger: ledgerAt() })
    expect(await model.call(ask('x', { onDelta: () => {} }))).toMatchObject({ text: 'good', attempts: 2 })
  })

  it('an aborted call leaves an attempt and no open row', async () => {
    server.script([{ silent: true }])
    const ledger = ledgerAt()
    const controller = new AbortController()
    const call = (await openFake(server, { ledger })).call(ask('x', { signal: controller.signal })).catch(() => 'gone')
    await expect.poll(() => ledger.stats().underWay).toBe(1)
    controller.abort()
    expect(await call).toBe('gone')
    expect(ledger.stats()).toEqual({ done: 0, underWay: 0, maybePaid: 0, failedAttempts: { aborted: 1 } })
  })
})

describe('two equal calls at once', () => {
  it('share one request within a process', async () => {
    server.script([{ text: 'shared', delayMs: 100 }])
    const model = await openFake(server, { ledger: ledgerAt() })
    const replies = await Promise.all([
      model.call(ask()),
      model.call(ask()),
      model.call(ask('hello', { onDelta: () => {} })),
    ])
    expect(replies.map(r => r.text)).toEqual(['shared', 'shared', 'shared'])
    expect(replies.filter(r => !r.fromLedger)).toHaveLength(1)
    expect(server.requests).toHaveLength(1)
  })

  it('share one request between two openings of the file', async () => {
    server.script([{ text: 'shared', delayMs: 150 }])
    const one = await openFake(server, { ledger: ledgerAt() })
    const two = await openFake(server, { ledger: ledgerAt(), clock: systemClock })
    const first = one.call(ask())
    await expect.poll(() => server.requests.length).toBe(1)
    expect((await two.call(ask())).fromLedger).toBe(true)
    expect((await first).fromLedger).toBe(false)
    expect(server.requests).toHaveLength(1)
  })

  it('share one request between two processes', async () => {
    server.script([{ text: 'shared', delayMs: 1500 }])
    const [a, b] = await Promise.all([firstLine(startChild('x')), firstLine(startChild('x'))])
    expect([a, b].map(r => Reflect.get(Object(r), 'fromLedger')).sort()).toEqual([false, true])
    expect(server.requests).toHaveLength(1)
  })

  it('when the first fails the second makes the call itself', async () => {
    server.script([{ status: 401, delayMs: 100 }, { text: 'good' }])
    const model = await openFake(server, { ledger: ledgerAt() })
    const first = model.call(ask()).catch(error => error)
    await expect.poll(() => server.requests.length).toBe(1)
    expect((await model.call(ask())).text).toBe('good')
    expect(await first).toBeInstanceOf(ProviderError)
  })
})

describe('after kill -9', () => {
  it('a finished call is not paid again', async () => {
    const child = startChild('x', true)
    expect(await firstLine(child)).toEqual({ text: 'x', fromLedger: false })
    child.kill('SIGKILL')
    await once(child, 'exit')
    const ledger = ledgerAt()
    expect(ledger.maybePaid()).toEqual([])
    expect((await (await openFake(server, { ledger })).call(ask('x'))).fromLedger).toBe(true)
    expect(server.requests).toHaveLength(1)
  })

  it('a call under way is maybe paid: reported, and repeated only by policy', async () => {
    server.script([{ silent: true }, { text: 'second time' }])
    const child = startChild('x')
    await expect.poll(() => server.requests.length, { timeout: 10_000 }).toBe(1)
    const watching = ledgerAt()
    expect(watching.stats()).toMatchObject({ underWay: 1, maybePaid: 0 })
    child.kill('SIGKILL')
    await once(child, 'exit')
    expect(watching.maybePaid()).toEqual([
      expect.objectContaining({ model: 'openai-compatible/fake', trial: '0', repeated: false }),
    ])

    const refusing = await openFake(server, { ledger: ledgerAt(path, { maybePaid: 'refuse' }) })
    const refusal = await refusing.call(ask('x')).catch(error => error)
    expect(refusal).toBeInstanceOf(ProviderError)
    expect(refusal.message).toContain('may have been paid for')
    expect(server.requests).toHaveLength(1)

    const repeating = await openFake(server, { ledger: watching })
    expect(await repeating.call(ask('x'))).toMatchObject({ text: 'second time', fromLedger: false })
    expect(server.requests).toHaveLength(2)
    expect(watching.maybePaid()).toEqual([expect.objectContaining({ repeated: true })])
  })
})

describe('the file', () => {
  it('never holds a key', async () => {
    let asked = 0
    const leak = 'you sent sk-test-secret-0123456789'
    server.script(() => (asked++ === 0 ? { status: 500, raw: leak } : { text: leak }))
    const ledger = ledgerAt()
    const model = await openFake(server, { ledger })
    const reply = await model.call(ask())
    await model.call(ask('streamed', { onDelta: () => {} }))
    expect(reply.text).toContain('you sent')
    closeNow(ledger)
    const files = await readdir(folder)
    for (const file of files) {
      expect((await readFile(join(folder, file))).includes('sk-test-secret-0123456789'), file).toBe(false)
    }
  })

  it('refuses before sending when the disk is full', async () => {
    const ledger = ledgerAt(path, { maxBytes: 60_000 })
    const model = await openFake(server, { ledger, retry: { maxAttempts: 1 } })
    server.script(() => ({ text: 'x'.repeat(3000) }))
    let failure: unknown
    for (let i = 0; i < 100 && !failure; i++) {
      await model.call(ask(`question ${i}`)).catch(error => {
        failure = error
      })
    }
    expect(failure).toBeInstanceOf(StoreError)
    expect((failure as StoreError).mend).toContain('Make room on the disk')
    expect(ledger.stats().done).toBeGreaterThan(5)
  })

  const unusable: [string, (file: string) => Promise<void> | void, RegExp, RegExp][] = [
    [
      'no database',
      file => writeFile(file, 'just some words, long enough to be looked at'.repeat(20)),
      /cannot be used/,
      /another file/,
    ],
    [
      'a foreign database',
      file => new DatabaseSync(file).exec('CREATE TABLE t (a)'),
      /no ledger of ours/,
      /another file/,
    ],
    [
      'a newer format',
      file => new DatabaseSync(file).exec('PRAGMA user_version = 99'),
      /format 99/,
      /Update codesteer/,
    ],
  ]
  it.each(unusable)('%s is told with its mend', async (_, make, message, mend) => {
    const file = join(folder, 'other')
    await make(file)
    let failure: unknown
    try {
      ledgerAt(file)
    } catch (error) {
      failure = error
    }
    expect(failure).toBeInstanceOf(StoreError)
    expect((failure as StoreError).message).toMatch(message)
    expect((failure as StoreError).mend).toMatch(mend)
  })

  it('a missing folder is told with its mend', () => {
    expect(() => ledgerAt(join(folder, 'no', 'such', 'ledger'))).toThrow(StoreError)
  })

  it.skipIf(process.getuid?.() === 0)(
    'that is read-only is told as such (skipped as root, who may write anywhere)',
    async () => {
      closeNow(ledgerAt())
      await chmod(path, 0o444)
      await chmod(folder, 0o555)
      const ledger = ledgerAt()
      const failure = await (await openFake(server, { ledger })).call(ask()).catch(error => error)
      await chmod(folder, 0o755)
      expect(failure).toBeInstanceOf(StoreError)
      expect(failure.mend).toContain('writable')
    },
  )

  it('held by a writer for too long is told as such', async () => {
    const ledger = ledgerAt(path, { lockWaitMs: 50 })
    const model = await openFake(server, { ledger })
    const writer = new DatabaseSync(path)
    writer.exec('BEGIN IMMEDIATE')
    const failure = await model.call(ask()).catch(error => error)
    writer.exec('ROLLBACK')
    writer.close()
    expect(failure).toBeInstanceOf(StoreError)
    expect(failure.mend).toContain('Another process holds the ledger')
    expect(server.requests).toHaveLength(0)
  })
})

describe('a cassette', () => {
  it('replays what was recorded, without a network, and nothing else', async () => {
    server.script([{ text: '<think>hm</think>recorded', usage: { prompt: 5, completion: 7 } }])
    const ledger = ledgerAt()
    const model = await openFake(server, { ledger })
    const whole = await model.call(ask('a'))
    const streamed = await model.call(ask('b', { onDelta: () => {} }))
    const cassette = join(folder, 'calls.jsonl')
    expect(await ledger.export(cassette)).toBe(2)
    await server.close()

    const offline = { environment: {}, clock: systemClock, fetch: () => Promise.reject(new Error('no network')) }
    const replay = await openModel(`recorded/${cassette}`, offline)
    const same = (reply: object) => ({ ...reply, tookMs: 0, fromLedger: true })
    expect(same(await replay.call(ask('a')))).toEqual(same(whole))
    expect(same(await replay.call(ask('b')))).toEqual(same(streamed))
    expect((await replay.call(ask('b', { onDelta: () => {} }))).text).toBe('recorded')
    for (const other of [ask('c'), ask('a', { trial: '1' }), ask('a', { temperature: 1 })]) {
      const failure = await replay.call(other).catch(error => error)
      expect(failure).toBeInstanceOf(ProviderError)
      expect(failure.message).toContain('no recording for this request')
    }
  })

  it('goes through import unchanged', async () => {
    const ledger = ledgerAt()
    const model = await openFake(server, { ledger })
    await model.call(ask('a'))
    await model.call(ask('b'))
    const [one, two] = [join(folder, 'one.jsonl'), join(folder, 'two.jsonl')]
    await ledger.export(one)
    const other = ledgerAt(join(folder, 'other.sqlite'))
    expect(await other.import(one)).toBe(2)
    expect(await other.import(one)).toBe(0)
    await other.export(two)
    expect(await readFile(two, 'utf8')).toBe(await readFile(one, 'utf8'))
    expect((await (await openFake(server, { ledger: other })).call(ask('a'))).fromLedger).toBe(true)
    expect(server.requests).toHaveLength(2)
  })

  it('that is missing, damaged or of two models is told with its mend', async () => {
    const open = (id: string) => openModel(id, { environment: {}, clock: systemClock })
    await expect(open(`recorded/${folder}/none.jsonl`)).rejects.toThrow('there is no cassette')
    const broken = join(folder, 'broken.jsonl')
    await writeFile(broken, '{"cassette":1}\n{"requestHash":"x"}\n')
    await expect(open(`recorded/${broken}`)).rejects.toThrow('line 2')
    await writeFile(broken, '{"cassette":9}\n')
    await expect(open(`recorded/${broken}`)).rejects.toThrow('format 9')
    await writeFile(broken, '{"some":"thing"}\n')
    await expect(open(`recorded/${broken}`)).rejects.toThrow('is no cassette')

    const ledger = ledgerAt()
    const options = { environment: {}, clock: systemClock, ledger }
    for (const name of ['one', 'two']) {
      await (await openModel(`openai-compatible/${server.url}#${name}`, options)).call(ask(name))
    }
    const both = join(folder, 'both.jsonl')
    await ledger.export(both)
    await expect(open(`recorded/${both}`)).rejects.toThrow('2 models')
    const named = await open(`recorded/${both}#openai-compatible/${server.url}#two`)
    expect((await named.call(ask('two'))).text).toBe('two')
  })
})

describe("a model object of the user's", () => {
  it('has its words kept in the ledger', async () => {
    let calls = 0
    const model = {
      specificationVersion: 'v4' as const,
      provider: 'mine',
      modelId: 'm',
      supportedUrls: {},
      doGenerate: async () => {
        calls++
        return {
          content: [{ type: 'text' as const, text: `call ${calls}` }],
          finishReason: { unified: 'stop' as const, raw: 'stop' },
          usage: {
            inputTokens: { total: 1, noCache: 1, cacheRead: 0, cacheWrite: 0 },
            outputTokens: { total: 2, text: 2, reasoning: 0 },
          },
          warnings: [],
        }
      },
      doStream: () => Promise.reject(new Error('not asked for')),
    }
    const chat = wrapModel(model, { clock: systemClock, ledger: ledgerAt() })
    expect(chat.id).toBe('mine/m')
    const one = await chat.call(ask('a'))
    const two = await chat.call(ask('a'))
    const other = await chat.call(ask('a', { trial: '1' }))
    expect([one.text, two.text, other.text]).toEqual(['call 1', 'call 1', 'call 2'])
    expect([one.fromLedger, two.fromLedger, two.usage]).toEqual([false, true, one.usage])
  })
})
