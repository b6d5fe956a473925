import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { type FakeScript, startFakeServer } from './server.ts'

/**
 * Runs the fake server as a process of its own: `node test/fake-server/main.ts [--port 0] [--script replies.json]`. The
 * script is a JSON list of replies (the last repeats) or a module whose default export is a script. Its address is the
 * first line on stdout; SIGTERM ends it.
 */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { port: { type: 'string', default: '0' }, script: { type: 'string' } } })
  const script = values.script === undefined ? undefined : await readScript(resolve(values.script))
  const server = await startFakeServer({ port: Number(values.port), ...(script && { script }) })
  process.stdout.write(`${server.url}\n`)
  process.on('SIGTERM', () => {
    server.close().then(() => process.exit(0))
  })
}

async function readScript(path: string): Promise<FakeScript> {
  if (path.endsWith('.json')) return JSON.parse(await readFile(path, 'utf8'))
  const module = (await import(pathToFileURL(path).href)) as { default: FakeScript }
  return module.default
}

if (import.meta.main) await main()
