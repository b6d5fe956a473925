import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import OpenAI from 'openai'
import { describe, expect, it, onTestFinished } from 'vitest'
import { fineTuningService } from '../../src/training/upload/service.ts'
import { type UploadEvent, type UploadOptions, upload, uploadsFile } from '../../src/training/upload/upload.ts'
import { cli } from '../util/cli.ts'
import { exported } from './export-set.ts'
import { type FakeBehaviour, type FakeService, fakeService } from './fine-tuning-server.ts'
import { handTree } from './hand-tree.ts'
import { workedExample } from './stored-tree.ts'

async function serving(behaviour?: FakeBehaviour): Promise<FakeService> {
  const service = await fakeService(behaviour)
  onTestFinished(() => service.close())
  return service
}

const set = async () =>
  (await exported([await handTree(workedExample), await handTree(workedExample, { seed: 1 })], { formats: ['openai'] }))
    .folder

async function uploaded(folder: string, service: FakeService, more: Partial<UploadOptions> = {}, signal?: AbortSignal) {
  const events: UploadEvent[] = []
  const waits: number[] = []
  const clock = { nowMs: () => 0, sleep: async (ms: number) => void waits.push(ms) }
  const quiet = signal ?? new AbortController().signal
  const client = fineTuningService({
    baseUrl: service.url,
    key: 'secret-key',
    keyVariable: 'CODESTEER_API_KEY',
    fetch: globalThis.fetch,
    clock,
    random: () => 0.5,
    signal: quiet,
  })
  const options = {
    folder,
    baseUrl: service.url,
    kind: 'sft',
    model: 'base',
    wait: true,
    again: false,
    pollMs: 1_000,
    ...more,
  } as const
  for await (const event of upload(options, client, clock, quiet)) events.push(event)
  return { events, waits }
}

const lines = ({ requests }: FakeService, start: string) => requests.filter(({ line }) => line.startsWith(start)).length

describe('an upload', () => {
  it('sends the files as they are, starts the job and tells what happens', async () => {
    const [folder, service] = [await set(), await serving()]
    const { events } = await uploaded(folder, service, { suffix: 'coach', epochs: 3 })
    expect(service.files.get('file-1')).toEqual({
      purpose: 'fine-tune',
      name: 'sft-train.jsonl',
      content: readFileSync(join(folder, 'openai/sft-train.jsonl'), 'utf8'),
    })
    expect(service.jobs).toMatchObject([
      {
        model: 'base',
        training_file: 'file-1',
        validation_file: 'file-2',
        suffix: 'coach',
        method: { type: 'supervised', supervised: { hyperparameters: { n_epochs: 3 } } },
      },
    ])
    const messages = events.filter(event => event.type === 'message')
    expect(messages.map(({ text }) => text)).toEqual(Array.from({ length: 250 }, (_, i) => `Step ${i}`))
    expect(events.filter(event => event.type === 'status').map(({ status }) => status)).toEqual([
      'validating_files',
      'running',
    ])
    expect(events.at(-1)).toEqual({
      type: 'end',
      status: 'succeeded',
      model: 'ft:base:coach',
      trainedTokens: 1234,
      error: null,
    })
    expect(service.requests.every(({ authorization }) => authorization === 'Bearer secret-key')).toBe(true)
    expect(readFileSync(join(folder, uploadsFile), 'utf8')).not.toContain('secret-key')
  })

  it('sends preferences with the method of dpo', async () => {
    const [folder, service] = [await set(), await serving()]
    await uploaded(folder, service, { kind: 'dpo', model: 'ft:base:coach' })
    expect(service.files.get('file-1')!.name).toBe('dpo-train.jsonl')
    expect(service.jobs).toMatchObject([{ method: { type: 'dpo', dpo: { hyperparameters: { beta: 0.1 } } } }])
  })

  it('goes on where it stood: files are sent once, the job is started once', async () => {
    const [folder, service] = [await set(), await serving()]
    await uploaded(folder, service, { wait: false })
    const { events } = await uploaded(folder, service)
    expect(events[0]).toEqual({ type: 'job', id: 'ftjob-1', again: true })
    expect(events.at(-1)).toMatchObject({ status: 'succeeded' })
    expect([lines(service, 'POST /files'), service.jobs.length]).toEqual([2, 1])
    // Another base model is another job, with the same files of its own.
    await uploaded(folder, service, { model: 'other', wait: false })
    expect(service.jobs.map(({ model }) => model)).toEqual(['base', 'other'])
  })

  it('does not start a job twice when the answer to the first was lost', async () => {
    const [folder, service] = [await set(), await serving({ loseAnswers: 1 })]
    const { events } = await uploaded(folder, service)
    expect(events.at(-1)).toMatchObject({ status: 'succeeded' })
    expect(service.jobs).toHaveLength(1)
    // Killed between asking and writing the id down: the next call looks before it asks.
    const path = join(folder, uploadsFile)
    const states = JSON.parse(readFileSync(path, 'utf8'))
    for (const state of Object.values(states) as { job?: string; status?: string }[]) {
      delete state.job
      delete state.status
    }
    writeFileSync(path, JSON.stringify(states))
    const next = await uploaded(folder, service)
    expect(next.events.find(event => event.type === 'job')).toEqual({ type: 'job', id: 'ftjob-1', again: true })
    expect(service.jobs).toHaveLength(1)
  })

  it('sends a file again that the service has lost', async () => {
    const [folder, service] = [await set(), await serving({ stumbles: { 'POST /fine_tuning/jobs': [400] } })]
    await expect(uploaded(folder, service)).rejects.toMatchObject({ kind: 'provider', fault: 'bad-request' })
    service.files.delete('file-1')
    const { events } = await uploaded(folder, service)
    expect(events.slice(0, 2).map(event => event.type === 'file' && event.again)).toEqual([false, true])
  })

  it('tries again what may pass, and waits in between', async () => {
    const service = await serving({ stumbles: { 'POST /files': [503, 429], 'GET /fine_tuning/jobs/ftjob-1': [500] } })
    const { events, waits } = await uploaded(await set(), service)
    expect(events.at(-1)).toMatchObject({ status: 'succeeded' })
    expect(lines(service, 'POST /files')).toBe(4)
    expect(waits.length).toBeGreaterThan(3)
  })

  it.each([
    [401, 'authentication', /CODESTEER_API_KEY/],
    [404, 'unknown-model', /--model.*--base-url/],
    [400, 'bad-request', /service says/],
  ])('stops at %i with its mend', async (status, fault, mend) => {
    const service = await serving({ stumbles: { 'POST /fine_tuning/jobs': [status] } })
    await expect(uploaded(await set(), service)).rejects.toMatchObject({
      fault,
      message: expect.stringContaining(`stumbled with ${status}`),
      mend: expect.stringMatching(mend),
    })
  })

  it('tells why a job failed, and starts another only when asked', async () => {
    const [folder, service] = [
      await set(),
      await serving({ statuses: ['running', 'failed'], error: 'too few rows', noEvents: true }),
    ]
    const { events } = await uploaded(folder, service)
    expect(events.at(-1)).toMatchObject({ status: 'failed', error: 'too few rows' })
    await expect(uploaded(folder, service)).rejects.toMatchObject({
      kind: 'input',
      mend: expect.stringContaining('--again'),
    })
    await uploaded(folder, service, { again: true, wait: false })
    expect(service.jobs).toHaveLength(2)
  })

  it('refuses data that were changed, of another format, or without such rows', async () => {
    const service = await serving()
    const [trl] = await Promise.all([handTree(workedExample)])
    const other = await exported([trl], { formats: ['trl'] })
    await expect(uploaded(other.folder, service)).rejects.toMatchObject({
      mend: expect.stringContaining('--format openai'),
    })
    const only = await exported([trl], { formats: ['openai'], kinds: ['sft'] })
    await expect(uploaded(only.folder, service, { kind: 'dpo' })).rejects.toThrow(/hold no dpo rows/)
    writeFileSync(join(only.folder, 'openai/sft-train.jsonl'), '')
    await expect(uploaded(only.folder, service)).rejects.toThrow(/was changed/)
    expect(service.requests).toEqual([])
  })

  it('ends with the signal, and leaves the job running', async () => {
    const [folder, service] = [await set(), await serving({ statuses: ['running'] })]
    const stop = new AbortController()
    const clock = { nowMs: () => 0, sleep: async () => stop.abort(new Error('stopped')) }
    const client = fineTuningService({
      baseUrl: service.url,
      key: undefined,
      keyVariable: 'X',
      fetch,
      clock,
      random: () => 0.5,
      signal: stop.signal,
    })
    const options = {
      folder,
      baseUrl: service.url,
      kind: 'sft',
      model: 'base',
      wait: true,
      again: false,
      pollMs: 10,
    } as const
    const attempt = (async () => {
      for await (const _ of upload(options, client, clock, stop.signal));
    })()
    await expect(attempt).rejects.toThrow('stopped')
    expect(service.jobs[0]!.status).toBe('running')
  })
})

describe('the fake service', () => {
  it('answers the official client, so that what is tested is the interface', async () => {
    const service = await serving()
    const client = new OpenAI({ apiKey: 'k', baseURL: service.url, maxRetries: 0 })
    const file = await client.files.create({ purpose: 'fine-tune', file: new File(['{}'], 'a.jsonl') })
    const job = await client.fineTuning.jobs.create({ model: 'base', training_file: file.id })
    await client.fineTuning.jobs.retrieve(job.id)
    const events = []
    for await (const event of client.fineTuning.jobs.listEvents(job.id)) events.push(event.message)
    expect(events).toHaveLength(120)
  })
})

describe('codesteer data upload', () => {
  it('uploads, tells the model and how to use it', async () => {
    const [folder, service] = [await set(), await serving()]
    const args = ['data', 'upload', folder, '--model', 'base', '--base-url', service.url, '--poll', '10ms']
    const { code, stdout, stderr } = await cli(args, {
      env: { CODESTEER_API_KEY: 'from-environment', OPENAI_API_KEY: 'another' },
    })
    expect([code, stderr]).toEqual([0, expect.stringContaining('simulated: these data')])
    expect(stdout).toContain('job ftjob-1 started')
    expect(stdout).toContain('succeeded: ft:base:x, 1,234 tokens trained on')
    expect(stderr).toContain('--coach tuned:openai-compatible/ft:base:x')
    expect(service.requests.every(({ authorization }) => authorization === 'Bearer from-environment')).toBe(true)
    const json = await cli([...args, '--json'])
    expect(
      json.stdout
        .trimEnd()
        .split('\n')
        .map(line => JSON.parse(line))
        .at(-1),
    ).toMatchObject({ type: 'end', status: 'succeeded' })
  })

  it('exits 1 when the job fails, 2 without a key', async () => {
    const [folder, service] = [await set(), await serving({ statuses: ['failed'] })]
    const failed = await cli(['data', 'upload', folder, '--model', 'base', '--base-url', service.url, '--poll', '10ms'])
    expect([failed.code, failed.stdout]).toEqual([1, expect.stringContaining('failed: the data are bad')])
    const keyless = await cli(['data', 'upload', folder, '--model', 'gpt-4.1-mini-2025-04-14'])
    expect([keyless.code, keyless.stderr]).toEqual([2, expect.stringContaining('OPENAI_API_KEY')])
  })
})
