// A fine-tuning service as OpenAI's interface describes it: files, jobs, events. What it forgets or refuses is told to it.
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface FakeJob {
  id: string
  status: string
  training_file: string
  validation_file?: string
  model: string
  suffix?: string
  method?: unknown
  fine_tuned_model: string | null
  trained_tokens: number | null
  error: { code: string; message: string } | null
}

export interface FakeService {
  readonly url: string
  readonly files: Map<string, { readonly purpose: string; readonly name: string; readonly content: string }>
  readonly jobs: FakeJob[]
  /** `METHOD path` of every request, with its authorization. */
  readonly requests: { readonly line: string; readonly authorization: string | undefined }[]
  close(): Promise<void>
}

export interface FakeBehaviour {
  /** Statuses that a job goes through, one a look; the last one stays. */
  readonly statuses?: readonly string[]
  /** HTTP statuses for the first requests of a kind (`POST /files`), before they work. */
  readonly stumbles?: Readonly<Record<string, number[]>>
  /** The job is made, but its answer is lost, so many times. */
  loseAnswers?: number
  readonly noEvents?: boolean
  readonly error?: string
}

export async function fakeService(behaviour: FakeBehaviour = {}): Promise<FakeService> {
  const { statuses = ['validating_files', 'running', 'succeeded'], stumbles = {} } = behaviour
  const files: FakeService['files'] = new Map()
  const jobs: FakeJob[] = []
  const requests: { line: string; authorization: string | undefined }[] = []
  const looks = new Map<string, number>()

  const eventsOf = (job: FakeJob) =>
    Array.from({ length: Math.min(250, (looks.get(job.id) ?? 0) * 120) }, (_, i) => ({
      object: 'fine_tuning.job.event',
      id: `ev-${i}`,
      created_at: 1_700_000_000 + i,
      level: i === 3 ? 'warn' : 'info',
      message: `Step ${i}`,
    })).reverse()

  async function answer(request: IncomingMessage, body: Buffer): Promise<[number, unknown]> {
    const url = new URL(request.url ?? '/', 'http://fake')
    const path = url.pathname.replace('/v1', '')
    const line = `${request.method} ${path}`
    requests.push({ line, authorization: request.headers.authorization })
    const stumble = stumbles[line]?.shift()
    if (stumble !== undefined) return [stumble, { error: { message: `stumbled with ${stumble}` } }]
    if (line === 'POST /files') {
      const form = await new Response(new Uint8Array(body), {
        headers: { 'content-type': request.headers['content-type'] ?? '' },
      }).formData()
      const file = form.get('file') as File
      const id = `file-${files.size + 1}`
      files.set(id, { purpose: String(form.get('purpose')), name: file.name, content: await file.text() })
      return [200, { id, object: 'file', purpose: 'fine-tune', filename: file.name }]
    }
    if (line === 'POST /fine_tuning/jobs') {
      const id = `ftjob-${jobs.length + 1}`
      const job = {
        id,
        status: statuses[0]!,
        fine_tuned_model: null,
        trained_tokens: null,
        error: null,
        ...JSON.parse(body.toString()),
      }
      jobs.push(job)
      if ((behaviour.loseAnswers ?? 0) > 0) {
        behaviour.loseAnswers!--
        return [-1, null]
      }
      return [200, job]
    }
    if (line === 'GET /fine_tuning/jobs') return [200, { object: 'list', data: [...jobs].reverse(), has_more: false }]
    const [, kind, id, more] = /^\/(files|fine_tuning\/jobs)\/([^/]+)(\/events)?$/.exec(path) ?? []
    if (kind === 'files' && files.has(id!)) return [200, { id, object: 'file' }]
    const job = jobs.find(one => one.id === id)
    if (!job) return [404, { error: { message: `no ${path}` } }]
    if (more) {
      if (behaviour.noEvents) return [404, { error: { message: 'no such page' } }]
      const all = eventsOf(job)
      const after = url.searchParams.get('after')
      const from = after === null ? 0 : all.findIndex(event => event.id === after) + 1
      return [200, { object: 'list', data: all.slice(from, from + 100), has_more: from + 100 < all.length }]
    }
    const look = looks.get(job.id) ?? 0
    looks.set(job.id, look + 1)
    job.status = statuses[Math.min(look, statuses.length - 1)]!
    if (job.status === 'succeeded')
      Object.assign(job, { fine_tuned_model: `ft:${job.model}:${job.suffix ?? 'x'}`, trained_tokens: 1234 })
    if (job.status === 'failed') job.error = { code: 'bad_data', message: behaviour.error ?? 'the data are bad' }
    return [200, job]
  }

  const server = createServer((request, response) => {
    const parts: Buffer[] = []
    request.on('data', part => parts.push(part))
    request.on('end', async () => {
      const [status, value] = await answer(request, Buffer.concat(parts))
      if (status < 0) return request.socket.destroy()
      response.writeHead(status, { 'content-type': 'application/json', connection: 'close' })
      response.end(JSON.stringify(value))
    })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/v1`,
    files,
    jobs,
    requests,
    close: () => new Promise(resolve => server.close(() => resolve())),
  }
}
