// The examples of docs/mcp.md as they stand there.
import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { overHttp, overStdio, startHttp } from './support.ts'

const page = readFileSync(new URL('../../docs/mcp.md', import.meta.url), 'utf8')
const blocks = (kind: string) =>
  [...page.matchAll(new RegExp(`\`\`\`${kind}\\n([\\s\\S]*?)\\n\`\`\``, 'g'))].map(([, text]) => text!)

interface Entry {
  readonly type?: string
  readonly command?: string
  readonly args?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  readonly url?: string
}

describe('docs/mcp.md', () => {
  const entries = blocks('json').flatMap(text => {
    const { mcpServers, servers } = JSON.parse(text) as Record<string, Record<string, Entry>>
    return Object.values({ ...mcpServers, ...servers })
  })

  it('names every tool that there is, and only those', async () => {
    const { client } = await overStdio()
    const { tools } = await client.listTools()
    expect([...page.matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name)).toEqual(tools.map(tool => tool.name))
  })

  it.each(entries.filter(entry => entry.command).map(entry => [entry.args!.join(' '), entry] as const))(
    'the configuration `%s` starts a server',
    async (_, { command, args, env }) => {
      expect([command, args![0]]).toEqual(['codesteer', 'mcp'])
      // The folder of the page is left alone.
      const own = args!.slice(1).filter((arg, i, all) => arg !== '--out' && all[i - 1] !== '--out')
      const { client } = await overStdio(own, { ...env })
      expect((await client.listTools()).tools).toHaveLength(5)
    },
  )

  it('over HTTP, with the address and the curl line of the page', async () => {
    const server = await startHttp()
    const [entry] = entries.filter(one => one.url)
    const { client } = await overHttp({
      url: entry!.url!.replace('http://127.0.0.1:8081', server.url).replace('/mcp', ''),
    })
    expect((await client.listTools()).tools).toHaveLength(5)
    const [curl] = blocks('bash')
    const { stdout } = await promisify(execFile)('bash', ['-c', curl!.replace('http://127.0.0.1:8081', server.url)])
    expect(stdout).toMatch(/data: \{"result":\{"protocolVersion":"2025-06-18"[\s\S]*"name":"codesteer"/)
  })
})
