// Who is let in, and what the page may do.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { temporaryFolder } from '../util/cli.ts'
import { demoRun, openViewer, raw, type TestViewer, viewerOf } from './support.ts'

let folder: string
let viewer: TestViewer

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'viewer-safety-'))
  viewer = await openViewer([await demoRun(folder)], { folder })
})
afterAll(async () => {
  await viewer.close()
  rmSync(folder, { recursive: true })
})

describe('the address', () => {
  it('is exchanged for a cookie, and its token leaves the address bar', async () => {
    const host = `127.0.0.1:${viewer.port}`
    const first = await raw(viewer.port, `/?token=${viewer.token}`, { host })
    expect([first.status, first.headers.location]).toEqual([303, '/'])
    const [cookie] = first.headers['set-cookie'] as string[]
    expect(cookie).toMatch(/HttpOnly/)
    expect(cookie).toMatch(/SameSite=Strict/)
    expect(cookie).not.toContain(viewer.token)
    const then = await raw(viewer.port, '/', { host, cookie: cookie!.split(';')[0]! })
    expect([then.status, then.body]).toEqual([200, '<!doctype html><title>page</title>'])
    expect((await raw(viewer.port, '/api/runs', { host, cookie: cookie!.split(';')[0]! })).status).toBe(200)
  })

  it.each(['/', '/?token=wrong', '/api/runs', '/assets/page.js', '/api/live'])(
    'lets nobody in without it: %s',
    async path => {
      const answer = await raw(viewer.port, path, { host: `127.0.0.1:${viewer.port}` })
      expect(answer.status).toBe(401)
      expect(JSON.parse(answer.body)).toMatchObject({ mend: expect.stringMatching(/whole address/) })
    },
  )
})

describe('a stranger', () => {
  it.each([
    ['a name of its own, which points here (DNS rebinding)', { host: 'evil.example:PORT' }],
    ['a name that begins like ours', { host: '127.0.0.1.evil.example:PORT' }],
    ['another port', { host: '127.0.0.1:1' }],
    ['no port', { host: '127.0.0.1' }],
    ['a foreign origin', { host: '127.0.0.1:PORT', origin: 'https://evil.example' }],
    ['an origin without a name', { host: '127.0.0.1:PORT', origin: 'null' }],
    ['another server of this machine', { host: '127.0.0.1:PORT', origin: 'http://127.0.0.1:1' }],
    ['a request that another site began', { host: '127.0.0.1:PORT', 'sec-fetch-site': 'cross-site' }],
    ['a request of a neighbour site', { host: '127.0.0.1:PORT', 'sec-fetch-site': 'same-site' }],
  ])('is told 403, with the right token too: %s', async (_, headers) => {
    const sent = Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name, value.replace('PORT', String(viewer.port))]),
    )
    for (const path of ['/api/runs', `/?token=${viewer.token}`]) {
      const answer = await raw(viewer.port, path, { authorization: `Bearer ${viewer.token}`, ...sent })
      expect([path, answer.status]).toEqual([path, 403])
      expect(answer.headers['set-cookie']).toBeUndefined()
      expect(answer.headers['access-control-allow-origin']).toBeUndefined()
    }
  })

  it('of the three loopback names each is ours', async () => {
    for (const name of ['127.0.0.1', 'localhost', '[::1]', 'LocalHost']) {
      const host = `${name}:${viewer.port}`
      const headers = {
        host,
        origin: `http://${host}`,
        'sec-fetch-site': 'same-origin',
        authorization: `Bearer ${viewer.token}`,
      }
      expect((await raw(viewer.port, '/api/runs', headers)).status).toBe(200)
    }
  })

  it('listens on loopback only', async () => {
    expect(viewer.url).toBe(`http://127.0.0.1:${viewer.port}`)
  })
})

describe('the page', () => {
  it.each(['/', '/assets/page.js', '/api/runs', '/nothing'])('is held by the policy: %s', async path => {
    const { headers } = await viewer.ask(path)
    const policy = headers.get('content-security-policy')!
    for (const part of [
      "default-src 'none'",
      "script-src 'self'",
      "connect-src 'self'",
      "frame-ancestors 'none'",
      "base-uri 'none'",
      "form-action 'none'",
    ])
      expect(policy.split('; ')).toContain(part)
    expect(policy).not.toMatch(/unsafe|https?:|\*/)
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('referrer-policy')).toBe('no-referrer')
  })

  it.each([
    '/../package.json',
    '/..%2f..%2fpackage.json',
    '/%2e%2e/%2e%2e/package.json',
    '/assets/..%5c..%5cpackage.json',
    '/assets/%252e%252e%252fpackage.json',
    '/assets/....//package.json',
    '//etc/passwd',
    '/%00',
    '/%',
    '/api/runs/..%2f..%2fetc%2fpasswd',
    '/api/runs/RUN/trajectories/..%2f..%2f..%2fetc%2fpasswd',
    '/api/trainings/..%2fruns',
    '/api/trainings/%2e%2e',
  ])('never leaves its files: %s', async path => {
    const [run] = await viewer.get<{ id: string }[]>('/api/runs')
    const answer = await raw(viewer.port, path.replace('RUN', run!.id), {
      host: `127.0.0.1:${viewer.port}`,
      authorization: `Bearer ${viewer.token}`,
    })
    expect([400, 404]).toContain(answer.status)
    expect(answer.body).not.toMatch(/root:|"dependencies"/)
    expect(viewer.defects).toEqual([])
  })
})

describe('a post', () => {
  const fork = (body: string, type?: string) => ({
    method: 'POST',
    body,
    ...(type ? { headers: { 'content-type': type } } : {}),
  })

  it.each([
    ['a form', 'turn=1', 'application/x-www-form-urlencoded', 415],
    ['plain text, which a foreign page may send', '{"turn":1,"action":"code"}', 'text/plain', 415],
    ['broken JSON', '{"turn":', 'application/json', 400],
    ['no object', '[]', 'application/json', 400],
    ['no turn', '{"action":"code"}', 'application/json', 400],
    ['a turn below one', '{"turn":0,"action":"code"}', 'application/json', 400],
    ['an unknown action', '{"turn":1,"action":"shout"}', 'application/json', 400],
    ['empty words', '{"turn":1,"words":"  "}', 'application/json', 400],
    ['nothing to force', '{"turn":1}', 'application/json', 400],
    ['too much', JSON.stringify({ turn: 1, words: 'x'.repeat(100_000) }), 'application/json', 413],
  ])('is refused: %s', async (_, body, type, status) => {
    const [run] = await viewer.get<{ id: string }[]>('/api/runs')
    const answer = await viewer.ask(`/api/runs/${run!.id}/trajectories/t1/forks`, fork(body, type))
    expect(answer.status).toBe(status)
    expect(await answer.json()).toMatchObject({ error: expect.any(String), mend: expect.stringMatching(/\S/) })
    expect(viewer.defects).toEqual([])
  })

  it('goes nowhere else', async () => {
    for (const method of ['POST', 'PUT', 'DELETE'])
      expect((await viewer.ask('/api/runs', { method, headers: { 'content-type': 'application/json' } })).status).toBe(
        404,
      )
  })
})

describe('a port that is taken', () => {
  it('is said, with the mend', async () => {
    const second = viewerOf([], { port: viewer.port, folder: join(temporaryFolder(), 'none') })
    await expect(second).rejects.toMatchObject({ mend: expect.stringMatching(/--port/) })
  })
})
